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
    const { notes = [], ...read } = readUpstreamConfig(upstreamYaml(model), name)
    t.same(read, { config: rest, ignored: [] })
    t.equal(notes.length, model.resizeMode === 'letterbox' ? 1 : 0, 'only a letterbox is a guess')
  })
}

t.test('a head with shared towers', async t => {
  const head = { name: 'gfl-head', featChannels: 96, stackedConvs: 2, norm: 'group', regMax: 7, strides: [8, 16, 32], offset: 0.5 } as const
  const { published, weights, ...rest } = { ...legacy, head }
  t.match(read(rest), { config: { ...rest, name: 'mine' }, ignored: [] })
})

t.test('the version of NanoDet decides how keep_ratio works', async t => {
  const resizeMode = (model: ModelConfig, change?: (file: Keys) => void) => read(model, change).config.resizeMode
  t.equal(resizeMode(legacy), 'letterbox')
  t.equal(resizeMode(legacy, file => { archOf(file)['name'] = 'GFL' }), 'letterbox')
  t.equal(resizeMode(legacy, file => { valOf(file)['keep_ratio'] = false }), 'stretch')
  t.equal(resizeMode(plus, file => { valOf(file)['keep_ratio'] = true }), 'keep-ratio')
  t.equal(resizeMode(legacy, file => { valOf(file)['name'] = 'YoloDataset' }), 'keep-ratio')
  t.equal(resizeMode(plus, file => { archOf(file)['name'] = 'OneStageDetector'; valOf(file)['keep_ratio'] = true }), 'keep-ratio')
})

t.test('a guess of the version is noted, with its reason', async t => {
  t.match(read(legacy).notes, [/^Guessed: resize mode letterbox \(NanoDet v0\.x\), because the file has no sign of v1\.0\. Set resize_mode: keep-ratio/])
  t.match(read(legacy, file => { file['grad_clip'] = 35 }).notes,
    [/^Guessed: resize mode keep-ratio \(NanoDet v1\.0\), because the file has grad_clip\. Set resize_mode: letterbox/])
  t.equal(read(legacy, file => { valOf(file)['keep_ratio'] = false }).notes, undefined)
  t.equal(read(plus, file => { valOf(file)['keep_ratio'] = true }).notes, undefined)
})

t.test('resize_mode, a key of ours, overrides the guess', async t => {
  for (const resizeMode of ['letterbox', 'keep-ratio', 'stretch']) {
    const { config, ignored, notes } = read(legacy, file => { file['resize_mode'] = resizeMode })
    t.same([config.resizeMode, ignored, notes], [resizeMode, [], undefined])
  }
  t.throws(() => read(legacy, file => { file['resize_mode'] = 'fit' }), { message: 'mine: resize_mode: fit is not supported; supported: letterbox, keep-ratio, stretch' })
})

t.test('class_names twice: the last one counts, with a note', async t => {
  const text = `class_names: [a, b]\n${upstreamYaml(legacy)}`
  const { config, notes } = readUpstreamConfig(text, 'mine')
  t.same(config.labels, legacy.labels)
  t.match(notes, [/^class_names is set more than once; the last one counts \(line \d+\)$/, /^Guessed: resize mode/])
})

t.test('parts with different activations', async t => {
  const lite4 = { ...legacy, backbone: { name: 'efficientnet-lite', variant: 4, outStages: [2, 4, 6] }, act: 'ReLU6', acts: { head: 'LeakyReLU' } } as const
  const { published, weights, ...rest } = { ...lite4, name: 'mine' }
  t.same(read(lite4).config, rest)
  const mixed = { ...plus, acts: { neck: 'SiLU', head: 'ReLU' } } as const
  t.match(read(mixed).config, { act: 'LeakyReLU', acts: mixed.acts })
})

t.test('upstream\'s MobileNetV2, and GhostPAN with dense convolutions', async t => {
  const backbone = { name: 'mobilenetv2-nanodet', width: 1, lastChannels: 1280, outStages: [2, 4, 6] } as const
  const model = { ...plus, name: 'mine', backbone, neck: { ...plus.neck, convModule: 'dense' } } as ModelConfig
  const { published, weights, ...rest } = model
  t.same(read(model), { config: rest, ignored: [] })
})

t.test('fewer strides than levels, and an input that is not a multiple of 32', async t => {
  const { config } = read(plus, file => {
    archOf(file)['head'].strides = [8, 16, 32]
    valOf(file)['input_size'] = [960, 540]
  })
  t.same([config.head.strides, config.input], [[8, 16, 32], { width: 960, height: 540 }])
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

t.test('keys that are neither used nor known are reported', async t => {
  const { ignored } = read(plus, file => {
    file['typo'] = { below: 1 }
    valOf(file)['pipeline'].divisible = 64
    archOf(file)['fpn'].levels = 3
    file['schedule'].anything = 1
  })
  t.same(ignored.sort(), ['data.val.pipeline.divisible', 'model.arch.fpn.levels', 'typo'])
})

t.test('unsupported values are refused by the path of their key', async t => {
  const refused = (message: RegExp, model: ModelConfig, change: (file: Keys) => void) =>
    t.throws(() => read(model, change), { name: 'ModelFileError', message })
  refused(/^mine: model\.arch\.name: YOLO is not supported; supported: GFL, NanoDetPlus, OneStageDetector$/, plus, file => { archOf(file)['name'] = 'YOLO' })
  for (const name of ['ResNet', 'TIMMWrapper', 'constructor', 7]) {
    refused(new RegExp(`model\\.arch\\.backbone\\.name: ${name} is not supported; supported: CustomCspNet, .*ShuffleNetV2\\. .*ONNX`), plus,
      file => { archOf(file)['backbone'].name = name })
  }
  refused(/backbone\.activation: Mish is not supported; supported: ReLU, /, plus, file => { archOf(file)['backbone'].activation = 'Mish' })
  refused(/fpn\.in_channels: \[1,2,3\] is not supported; supported: \[116,232,464\]/, plus, file => { archOf(file)['fpn'].in_channels = [1, 2, 3] })
  refused(/fpn\.feature_hw: \[26,26\] is not supported; supported: \[20,20\]/, attentive, file => { archOf(file)['fpn'].feature_hw = [26, 26] })
  refused(/the parts do not fit together: .*7 heads do not divide the channels/, attentive, file => { archOf(file)['fpn'].num_heads = 7 })
  refused(/the head has the strides 16, 32, its levels have 8, 16, 32, 64/, plus, file => { archOf(file)['head'].strides = [16, 32] })
  refused(/num_classes: 80 is not the number of class_names, 79/, plus, file => { file['class_names'].pop() })
  refused(/class_names has car twice/, plus, file => { file['class_names'][0] = 'car' })
  refused(/class_names is missing/, plus, file => { delete file['class_names'] })
  refused(/data\.val\.input_size: \[416\] is not \[width, height\], each from 32 to 4096/, plus, file => { valOf(file)['input_size'] = [416] })
  refused(/data\.val\.pipeline\.normalize: \[\[0,0,0\],\[1,1,0\]\] is not \[mean, std\]/, plus, file => { valOf(file)['pipeline'].normalize = [[0, 0, 0], [1, 1, 0]] })
  t.throws(() => readUpstreamConfig('a: [', 'mine'), { name: 'ModelFileError', message: /^mine: the file is not YAML: / })
  t.throws(() => readUpstreamConfig('just text', 'mine'), { message: 'mine: the file is not a mapping of keys to values' })
})
