import t from 'tap'
import type { StateDict } from '../../../models/checkpoints/state-dict.ts'
import type { ClassifierConfig, ModelConfig } from '../../../models/config.ts'
import { CLASSIFIERS } from '../../../models/architectures.ts'
import { loadStateDict } from '../../../models/weights.ts'
import { paramsOf } from '../../../training/initialize/from-scratch.ts'
import { transferred } from '../../../training/initialize/transfer.ts'
import { MODEL } from '../../support/built-in.ts'
import { deviationOf, leastClassifier, valuesOf } from '../../support/initial.ts'
import { seededClassifier, seededModel, SMALL } from '../../support/model-files.ts'

const BOXES = 4 * 8
const withLabels = <Config extends ModelConfig | ClassifierConfig>(config: Config, ...labels: string[]): Config => ({ ...config, labels })
/** One class's weights, or its bias. */
const row = (stateDict: StateDict, name: string, index: number): Float32Array => {
  const size = stateDict.parameters.get(name)!.shape.slice(1).reduce((a, b) => a * b, 1)
  return valuesOf(stateDict, name).slice(index * size, (index + 1) * size)
}

t.test('the built-in detector for other classes: known ones and boxes keep their rows, new ones are small and rare', async t => {
  const source = await loadStateDict(MODEL)
  const config = withLabels({ ...MODEL, input: { width: 320, height: 320 } }, 'star', 'person', 'dog')
  const result = transferred(config, source, MODEL.labels, 1)
  t.equal(result.folded, true)
  for (const level of [0, 1, 2]) {
    const [weight, bias] = ['weight', 'bias'].map(name => `head.gfl_cls.${level}.${name}`) as [string, string]
    t.same(result.parameters.get(weight)!.shape, [3 + BOXES, 96, 1, 1])
    t.same(row(result, weight, 1), row(source, weight, 0))
    t.same(row(result, bias, 2), row(source, bias, MODEL.labels.indexOf('dog')))
    t.same(valuesOf(result, weight).slice(3 * 96), valuesOf(source, weight).slice(80 * 96))
    t.same(valuesOf(result, bias).slice(3), valuesOf(source, bias).slice(80))
    t.ok(Math.abs(deviationOf(row(result, weight, 0)) - 0.01) < 0.003)
    t.same([...row(result, bias, 0)], [Math.fround(-4.595)])
  }
  const others = [...source.parameters].filter(([name]) => !name.includes('gfl_cls'))
  t.ok(others.every(([name, parameter]) => result.parameters.get(name) === parameter))
})

t.test('new rows depend on the seed', async t => {
  const { stateDict } = seededModel(SMALL)
  const fresh = (seed: number) => row(transferred(withLabels(SMALL, 'owl'), stateDict, SMALL.labels, seed), 'head.gfl_cls.0.weight', 0)
  t.same(fresh(1), fresh(1))
  t.notSame(fresh(1), fresh(2))
})

t.test('the same classes change nothing; in another order, they take their rows along', async t => {
  const { stateDict } = seededModel(SMALL)
  t.equal(transferred({ ...SMALL, input: { width: 64, height: 64 } }, stateDict, SMALL.labels, 1), stateDict)
  const turned = transferred(withLabels(SMALL, 'cow', 'cat', 'dog'), stateDict, SMALL.labels, 1)
  t.same(row(turned, 'head.gfl_cls.1.weight', 0), row(stateDict, 'head.gfl_cls.1.weight', 2))
  t.same(row(turned, 'head.gfl_cls.1.weight', 3), row(stateDict, 'head.gfl_cls.1.weight', 3))
})

t.test('heads whose classes have a layer of their own', async t => {
  const apart: ModelConfig = { ...SMALL, head: { ...SMALL.head, name: 'nanodet-head', shareClsReg: false, stackedConvs: 1, convModule: 'depthwise' } }
  const gfl: ModelConfig = { ...SMALL, head: { ...SMALL.head, name: 'gfl-head', stackedConvs: 1, norm: 'batch' } }
  for (const [config, name] of [[apart, 'head.gfl_cls.0.weight'], [gfl, 'head.gfl_cls.weight']] as const) {
    const { stateDict } = seededModel(config)
    const result = transferred(withLabels(config, 'dog', 'owl'), stateDict, config.labels, 1)
    t.equal(result.parameters.get(name)!.shape[0], 2)
    t.same(row(result, name, 0), row(stateDict, name, 1))
  }
})

for (const spec of CLASSIFIERS) {
  t.test(`${spec.name}: a classifier's last layer`, async t => {
    const config = leastClassifier(spec)
    const { stateDict } = seededClassifier(config)
    const result = transferred(withLabels(config, 'owl', config.labels[1]!), stateDict, config.labels, 1)
    const changed = [...result.parameters].filter(([name, parameter]) => stateDict.parameters.get(name) !== parameter).map(([name]) => name)
    t.same(changed, [...paramsOf(config).keys()].slice(-changed.length))
    t.same(row(result, changed[0]!, 1), row(stateDict, changed[0]!, 1))
    t.ok(changed.slice(1).every(name => row(result, name, 0)[0] === 0), 'biases')
  })
}

t.test('weights of another network are an error that names the first parameter', async t => {
  const { stateDict } = seededModel(SMALL)
  t.throws(() => transferred(withLabels({ ...SMALL, backbone: { name: 'shufflenetv2', width: '1.0x', outStages: [2, 3, 4] } }, 'owl'), stateDict, SMALL.labels, 1),
    /backbone\.stage2\.0\.branch1\.2/)
})
