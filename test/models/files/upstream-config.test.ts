import t from 'tap'
import { stringify } from 'yaml'
import type { ModelConfig } from '../../../models/config.ts'
import { readUpstreamConfig } from '../../../models/files/upstream-config.ts'
import { REGISTRY } from '../../../models/registry.ts'

type Keys = Record<string, any>

/** A registered model as upstream's file has it, training and all. */
function upstreamFile (model: ModelConfig, change: (file: Keys) => void = () => {}): string {
  const isPlus = model.head.name === 'nanodet-plus-head'
  const file = { ...common(model), model: { arch: isPlus ? plusArch(model) : legacyArch(model) } }
  change(file)
  return stringify(file)
}

function common ({ input: { width, height }, geometry, normalization: { mean, std }, labels }: ModelConfig): Keys {
  const data = { name: 'CocoDataset', img_path: 'images', ann_path: 'annotations.json', input_size: [width, height], keep_ratio: geometry !== 'stretch' }
  return {
    save_dir: 'workspace',
    data: {
      train: { ...data, pipeline: { flip: 0.5, normalize: [mean, std] } },
      val: { ...data, pipeline: { normalize: [mean, std] } }
    },
    device: { gpu_ids: [0], workers_per_gpu: 1, batchsize_per_gpu: 1 },
    schedule: { optimizer: { name: 'SGD', lr: 0.14 }, total_epochs: 1 },
    evaluator: { name: 'CocoDetectionEvaluator', save_key: 'mAP' },
    log: { interval: 10 },
    class_names: [...labels]
  }
}

const CHANNELS: Keys = { '0.5x': [48, 96, 192], '1.0x': [116, 232, 464], '1.5x': [176, 352, 704] }
const widthOf = ({ backbone }: ModelConfig): string => String('width' in backbone && backbone.width)
const backbone = (model: ModelConfig): Keys =>
  ({ name: 'ShuffleNetV2', model_size: widthOf(model), out_stages: [2, 3, 4], activation: 'LeakyReLU' })
const head = ({ head: { featChannels, strides }, labels }: ModelConfig): Keys => ({
  num_classes: labels.length,
  input_channel: featChannels,
  feat_channels: featChannels,
  stacked_convs: 2,
  strides: [...strides],
  reg_max: 7,
  norm_cfg: { type: 'BN' },
  loss: { loss_qfl: { name: 'QualityFocalLoss', beta: 2 } }
})

const legacyArch = (model: ModelConfig): Keys => ({
  name: 'OneStageDetector',
  backbone: backbone(model),
  fpn: { name: 'PAN', in_channels: CHANNELS[widthOf(model)], out_channels: model.neck.outChannels, start_level: 0, num_outs: 3 },
  head: { name: 'NanoDetHead', ...head(model), share_cls_reg: true, octave_base_scale: 5, scales_per_octave: 1 }
})

const plusArch = (model: ModelConfig): Keys => ({
  name: 'NanoDetPlus',
  detach_epoch: 10,
  backbone: backbone(model),
  fpn: {
    name: 'GhostPAN',
    in_channels: CHANNELS[widthOf(model)],
    out_channels: model.neck.outChannels,
    kernel_size: 5,
    num_extra_level: 1,
    use_depthwise: true,
    activation: 'LeakyReLU'
  },
  head: { name: 'NanoDetPlusHead', ...head(model), kernel_size: 5, activation: 'LeakyReLU' },
  aux_head: { name: 'SimpleConvHead', num_classes: 80, stacked_convs: 4 }
})

const legacy = REGISTRY.get('nanodet-m-416')!
const plus = REGISTRY.get('nanodet-plus-m-320')!
const read = (model: ModelConfig, change?: (file: Keys) => void) => readUpstreamConfig(upstreamFile(model, change), 'mine')
const archOf = (file: Keys): Keys => file['model'].arch
const valOf = (file: Keys): Keys => file['data'].val

for (const [name, model] of REGISTRY) {
  t.test(`${name} as upstream's file describes it is ${name}`, async t => {
    const { published, weights, ...rest } = model
    t.same(readUpstreamConfig(upstreamFile(model), name), { config: rest, ignored: [] })
  })
}

t.test('the version of the code that a model was trained with decides how the ratio is kept', async t => {
  const geometry = (model: ModelConfig, change?: (file: Keys) => void) => read(model, change).config.geometry
  t.equal(geometry(legacy), 'letterbox')
  t.equal(geometry(legacy, file => { archOf(file)['name'] = 'GFL' }), 'letterbox')
  t.equal(geometry(legacy, file => { valOf(file)['keep_ratio'] = false }), 'stretch')
  t.equal(geometry(legacy, file => { file['grad_clip'] = 35 }), 'keep-ratio')
  t.equal(geometry(legacy, file => { file['device'].precision = 32 }), 'keep-ratio')
  t.equal(geometry(legacy, file => { file['model'].weight_averager = { name: 'ExpMovingAverager' } }), 'keep-ratio')
  t.equal(geometry(plus, file => { valOf(file)['keep_ratio'] = true }), 'keep-ratio')
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
  const text = upstreamFile(legacy).replace('  train:', '  train: &train').replace(/ {2}val:\n[^]*?\ndevice:/, '  val:\n    <<: *train\ndevice:')
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
