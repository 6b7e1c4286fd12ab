import t from 'tap'
import type { ClassifierConfig, ModelConfig } from '../../../models/config.ts'
import { REGISTRY } from '../../../models/registry.ts'
import { freezeLevels, isStatistic, trainedParameters } from '../../../training/initialize/frozen.ts'
import { paramsOf } from '../../../training/initialize/from-scratch.ts'
import { SMALL, SMALL_CLASSIFIER } from '../../support/model-files.ts'

/** One of each backbone. */
const DETECTORS = ['nanodet-m-0.5x', 'nanodet-g', 'nanodet-efficientlite0-320', 'nanodet-repvgg-a0-416', 'nanodet-t']
  .map(name => ({ ...REGISTRY.get(name)!, input: { width: 64, height: 64 } }))
const GHOST: ModelConfig = { ...SMALL, backbone: { name: 'ghostnet', width: 0.5, outStages: [4, 6, 9] } }
const partsIn = (names: readonly string[]): Set<string> => new Set(names.map(name => name.split('.').slice(0, 2).join('.')))

t.test('freezing a stage freezes all before it', async t => {
  const trained = (freeze: string): string[] => trainedParameters(SMALL, false, freeze)
  t.same(trained('none'), [...paramsOf(SMALL).keys()].filter(name => !isStatistic(name)))
  t.notOk(partsIn(trained('stem')).has('backbone.conv1'))
  t.ok(partsIn(trained('stem')).has('backbone.stage2'))
  t.same([...partsIn(trained('stage3'))].filter(part => part.startsWith('backbone')), ['backbone.stage4'])
  t.ok(trained('backbone').every(name => /^(fpn|head)\./.test(name)))
  t.ok(trained('backbone').includes('head.gfl_cls.0.bias'))
})

t.test('with folded batch norms, the biases of convolutions are trained instead', async t => {
  const trained = trainedParameters(SMALL, true, 'stem')
  t.ok(trained.includes('backbone.stage2.0.branch1.0.bias'))
  t.notOk(trained.some(name => /branch1\.1\./.test(name) || name.startsWith('backbone.conv1')))
})

t.test('every backbone has a stem and its own stages; each level leaves fewer parameters than the one before', async t => {
  for (const config of [...DETECTORS, GHOST]) {
    const levels = freezeLevels(config)
    t.match(levels, ['none', 'stem', /^stage\d$/])
    t.equal(levels.at(-1), 'backbone')
    const counts = levels.map(level => trainedParameters(config, false, level).length)
    t.ok(counts.every((count, i) => count > 0 && (i === 0 || count <= counts[i - 1]!)), `${config.backbone.name}: ${counts.join(' ')}`)
    t.ok(counts.at(-1)! < counts[0]! / 2)
  }
})

t.test('what the output does not depend on is not trained', async t => {
  const early: ModelConfig = {
    ...SMALL, backbone: { name: 'shufflenetv2', width: '0.5x', outStages: [2, 3] }, head: { ...SMALL.head, strides: [8, 16] }
  }
  t.notOk(partsIn(trainedParameters(early, false, 'none')).has('backbone.stage4'))
})

t.test('of a classifier, the backbone ends with its last stage', async t => {
  t.same([...partsIn(trainedParameters(SMALL_CLASSIFIER, false, 'backbone'))], ['conv5.0', 'conv5.1', 'fc.weight', 'fc.bias'])
  const ghost: ClassifierConfig = { ...SMALL_CLASSIFIER, backbone: { name: 'ghostnet', width: 0.5 } }
  t.same([...partsIn(trainedParameters(ghost, false, 'backbone'))], ['conv_head.weight', 'conv_head.bias', 'classifier.weight', 'classifier.bias'])
})

t.test('an unknown stage is an error that lists the others', async t => {
  t.throws(() => trainedParameters(SMALL, false, 'stage5'), {
    name: 'FreezeError', message: 'shufflenetv2 has no stage5 to freeze; possible: none, stem, stage2, stage3, stage4, backbone'
  })
})
