import t from 'tap'
import type { ModelConfig } from '../../../models/config.ts'
import { readUpstreamConfig } from '../../../models/files/upstream-config.ts'
import { REGISTRY } from '../../../models/registry.ts'
import { upstreamYaml, type Keys } from '../../support/upstream-yaml.ts'

const legacy = REGISTRY.get('nanodet-m-416')!
const attentive = REGISTRY.get('nanodet-t')!
const plus = REGISTRY.get('nanodet-plus-m-320')!
const read = (model: ModelConfig, change?: (file: Keys) => void) => readUpstreamConfig(upstreamYaml(model, change), 'mine')
const archOf = (file: Keys): Keys => file['model'].arch
const valOf = (file: Keys): Keys => file['data'].val

for (const [name, model] of REGISTRY) {
  t.test(`${name} as upstream's file describes it is ${name}`, async t => {
    const { published, weights, ...rest } = model
    t.same(readUpstreamConfig(upstreamYaml(model), name), { config: rest, ignored: [] })
  })
}

t.test('a head whose towers all levels share', async t => {
  const head = { name: 'gfl-head', featChannels: 96, stackedConvs: 2, norm: 'group', regMax: 7, strides: [8, 16, 32], offset: 0.5 } as const
  const { published, weights, ...rest } = { ...legacy, head }
  t.same(read(rest), { config: { ...rest, name: 'mine' }, ignored: [] })
})

t.test('the version of the code that a model was trained with decides how the ratio is kept', async t => {
  const resizeMode = (model: ModelConfig, change?: (file: Keys) => void) => read(model, change).config.resizeMode
  t.equal(resizeMode(legacy), 'letterbox')
  t.equal(resizeMode(legacy, file => { archOf(file)['name'] = 'GFL' }), 'letterbox')
  t.equal(resizeMode(legacy, file => { valOf(file)['keep_ratio'] = false }), 'stretch')
  t.equal(resizeMode(legacy, file => { file['grad_clip'] = 35 }), 'keep-ratio')
  t.equal(resizeMode(legacy, file => { file['device'].precision = 32 }), 'keep-ratio')
  t.equal(resizeMode(legacy, file => { file['model'].weight_averager = { name: 'ExpMovingAverager' } }), 'keep-ratio')
  t.equal(resizeMode(plus, file => { valOf(file)['keep_ratio'] = true }), 'keep-ratio')
})

t.test('width stands before height, labels may be numbers', async t => {
  const { config } = read(legacy, file => {
    valOf(file)['input_size'] = [416, 320]
    file['class_names'] = [7, 'b']
    archOf(file)['head'].num_classes = 2
  })
  t.same(config.input, { width: 416, height: 320 })
  t.same(config.labels, ['7', 'b'])
})

t.test('keys merged from an anchor count as PyYAML has them', async t => {
  const text = upstreamYaml(legacy).replace('  train:', '  train: &train').replace(/ {2}val:\n[^]*?\ndevice:/, '  val:\n    <<: *train\ndevice:')
  const { config, ignored } = readUpstreamConfig(text, 'mine')
  t.same(config.input, legacy.input)
  t.same(ignored, ['data.val.pipeline.flip'])
})

t.test('what is neither used nor known is told', async t => {
  const { ignored } = read(plus, file => {
    file['typo'] = { below: 1 }
    valOf(file)['pipeline'].divisible = 64
    archOf(file)['fpn'].levels = 3
    file['schedule'].anything = 1
  })
  t.same(ignored.sort(), ['data.val.pipeline.divisible', 'model.arch.fpn.levels', 'typo'])
})

t.test('what can\'t be built is refused by the path of its key', async t => {
  const refused = (message: RegExp, model: ModelConfig, change: (file: Keys) => void) =>
    t.throws(() => read(model, change), { name: 'ModelFileError', message })
  refused(/^mine: model\.arch\.name: YOLO is not possible; possible: GFL, NanoDetPlus, OneStageDetector$/, plus, file => { archOf(file)['name'] = 'YOLO' })
  refused(/model\.arch\.backbone\.name: ResNet is not possible/, plus, file => { archOf(file)['backbone'].name = 'ResNet' })
  refused(/backbone\.activation: Mish is not possible; possible: ReLU, /, plus, file => { archOf(file)['backbone'].activation = 'Mish' })
  refused(/head\.activation is LeakyReLU, model\.arch\.backbone\.activation is ReLU/, legacy, file => { archOf(file)['backbone'].activation = 'ReLU' })
  refused(/fpn\.in_channels: \[1,2,3\] is not possible; possible: \[116,232,464\]/, plus, file => { archOf(file)['fpn'].in_channels = [1, 2, 3] })
  refused(/fpn\.feature_hw: \[26,26\] is not possible; possible: \[20,20\]/, attentive, file => { archOf(file)['fpn'].feature_hw = [26, 26] })
  refused(/the parts do not fit together: .*7 heads do not divide the channels/, attentive, file => { archOf(file)['fpn'].num_heads = 7 })
  refused(/the head has strides 8, 16, 32, its levels have 8, 16, 32, 64/, plus, file => { archOf(file)['head'].strides = [8, 16, 32] })
  refused(/num_classes: 80 is not the number of class_names, 79/, plus, file => { file['class_names'].pop() })
  refused(/class_names: car is there twice/, plus, file => { file['class_names'][0] = 'car' })
  refused(/class_names is missing/, plus, file => { delete file['class_names'] })
  refused(/data\.val\.input_size: \[416\] is no \[width, height\]/, plus, file => { valOf(file)['input_size'] = [416] })
  refused(/the input of 300×320 is not a multiple of 32/, plus, file => { valOf(file)['input_size'] = [300, 320] })
  refused(/data\.val\.pipeline\.normalize: \[\[0,0,0\],\[1,1,0\]\] is no/, plus, file => { valOf(file)['pipeline'].normalize = [[0, 0, 0], [1, 1, 0]] })
  t.throws(() => readUpstreamConfig('a: [', 'mine'), { name: 'ModelFileError', message: /^mine: the file is not YAML: / })
  t.throws(() => readUpstreamConfig('just text', 'mine'), { message: 'mine: the file is not a mapping of keys to values' })
})
