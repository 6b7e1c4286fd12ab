import t from 'tap'
import { builtInArtifacts } from '../../../models/artifact.ts'
import { compileModel, describeModel, kindOf, layersOf, readModel, summaryOf, weightsOriginOf } from '../../../models/kinds/kinds.ts'
import { REGISTRY } from '../../../models/registry.ts'
import { seededClassifier, SMALL_CLASSIFIER } from '../../support/model-files.ts'

const [artifact] = builtInArtifacts()
const { config } = artifact!
const detector = { kind: 'detector', config } as const
const classifier = { kind: 'classifier', config: SMALL_CLASSIFIER } as const

t.test('every kind is found by its name', async t => {
  for (const kind of ['detector', 'opaque', 'classifier'] as const) t.equal(kindOf({ kind }).kind, kind)
})

t.test('models of every kind are read, compiled and inspected', async t => {
  const model = await readModel(artifact!)
  t.equal(model.config, config)
  t.not(compileModel(model).length, compileModel(model, ['fpn.p3']).length)
  t.ok(compileModel(seededClassifier(SMALL_CLASSIFIER)).length > 0)
  t.match(layersOf(model).at(-1), { name: 'head', shape: [1, 3549, 112] })
})

t.test('a file that is missing, or of another model, is named', async t => {
  const refused = (change: object, error: object) => t.rejects(readModel({ ...artifact!, ...change }), { name: 'ModelFileError', ...error })
  await refused({ checkpoint: '/nowhere/a.ckpt' }, { message: 'a.ckpt: no such file or directory' })
  await refused({ config: REGISTRY.get('nanodet-plus-m-416')! }, { message: /^nanodet-m-416\.safetensors: .*reduce_layers/ })
  await refused({ calibration: '/nowhere/a.json', precision: 'int8' }, { message: 'a.json: no such file or directory' })
})

t.test('descriptions of models', async t => {
  const { labels, ...rest } = describeModel(detector)
  t.equal(labels.length, 80)
  t.match(rest, { name: 'nanodet-m-416', task: 'detect', input: { width: 416, height: 416 }, backbone: 'shufflenetv2 1.0x', weights: { license: 'MIT' } })
  t.equal(describeModel(detector), describeModel(detector), 'it is found out once')
  const { name, input } = SMALL_CLASSIFIER
  t.same(describeModel(classifier), { name, task: 'classify', input, labels: SMALL_CLASSIFIER.labels, backbone: 'shufflenetv2 0.5x' })
})

t.test('the cost of layers and the origin of weights, if known', async t => {
  t.equal(summaryOf(detector)!.totals.parameters, 950_036)
  t.equal(summaryOf(classifier), undefined)
  t.equal(weightsOriginOf(detector), config.weights)
  t.equal(weightsOriginOf(classifier), undefined)
})
