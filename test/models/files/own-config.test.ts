import t from 'tap'
import { readOwnConfig } from '../../../models/files/own-config.ts'
import { COCO_LABELS } from '../../../models/labels.ts'
import { IMAGENET_RGB } from '../../../models/normalize.ts'
import { REGISTRY } from '../../../models/registry.ts'
import { source } from '../../support/files.ts'

const read = (file: object) => readOwnConfig(JSON.stringify(file), 'mine')
const detector = {
  task: 'detect',
  backbone: { name: 'shufflenetv2', width: '1.0x' },
  neck: { name: 'pan', out_channels: 96 },
  head: { name: 'nanodet-head' },
  input: { width: 416, height: 416 },
  labels: 'coco'
}
const plus = { ...detector, neck: { name: 'ghost-pan', out_channels: 96 }, head: { name: 'nanodet-plus-head' } }

t.test('a short file describes a published model', async t => {
  for (const [name, file] of Object.entries({ 'nanodet-m-416': detector, 'nanodet-plus-m-416': plus })) {
    const { published, weights, ...config } = REGISTRY.get(name)!
    t.same(readOwnConfig(JSON.stringify(file), name), { kind: 'detector', config })
  }
})

t.test('every part of a published model can be described', async t => {
  const pyramid = (channels: number) => ({ name: 'pan', out_channels: channels })
  const files = {
    'nanodet-t': { neck: { name: 'tan', out_channels: 128 }, input: { width: 320, height: 320 } },
    'nanodet-g': { backbone: { name: 'custom-csp-net' }, neck: pyramid(128), head: { name: 'nanodet-head', conv_module: 'dense', stacked_convs: 1, reg_max: 10 } },
    'nanodet-efficientlite0-320': {
      backbone: { name: 'efficientnet-lite', variant: 0 },
      act: 'ReLU6',
      input: { width: 320, height: 320 },
      normalization: { channel_order: 'BGR', mean: [127, 127, 127], std: [128, 128, 128] }
    },
    'nanodet-repvgg-a0-416': {
      backbone: { name: 'repvgg', variant: 'A0', last_channels: 512 },
      act: 'ReLU',
      neck: pyramid(128),
      head: { name: 'nanodet-head', conv_module: 'dense', reg_max: 10 }
    }
  }
  for (const [name, file] of Object.entries(files)) {
    const { published, weights, ...config } = REGISTRY.get(name)!
    t.same(readOwnConfig(JSON.stringify({ ...detector, ...file }), name), { kind: 'detector', config })
  }
  t.match(read({ ...detector, head: { name: 'gfl-head' } }), { config: { head: { name: 'gfl-head', featChannels: 96, norm: 'group', offset: 0.5 }, resizeMode: 'letterbox' } })
})

t.test('any backbone goes with any neck and head', async t => {
  for (const backbone of [{ name: 'ghostnet', width: 0.5 }, { name: 'mobilenetv1', width: 0.25 }, { name: 'shufflenetv1', width: '0.5x', groups: 8 }]) {
    for (const parts of [detector, { ...plus, head: { name: 'nanodet-plus-head', feat_channels: 64, reg_max: 10 } }]) {
      t.match(read({ ...parts, backbone, act: 'SiLU', labels: ['cat', 'dog'] }), { kind: 'detector', config: { name: 'mine', backbone, act: 'SiLU', labels: ['cat', 'dog'] } })
    }
  }
})

t.test('a published model needs its name alone; keys replace what it has', async t => {
  const { published, weights, ...config } = REGISTRY.get('nanodet-m-416')!
  t.same(read({ model: 'nanodet-m-416' }), { kind: 'detector', config: { ...config, name: 'mine' } })
  const changes = { labels: ['cat', 'dog'], resize_mode: 'stretch', input: { width: 320, height: 256 }, task: 'detect' }
  t.same(read({ model: 'nanodet-m-416', ...changes }), {
    kind: 'detector', config: { ...config, name: 'mine', labels: ['cat', 'dog'], resizeMode: 'stretch', input: { width: 320, height: 256 } }
  })
  t.match(read({ model: 'nanodet-m-416', normalization: { channel_order: 'RGB', mean: [0, 0, 0], std: [1, 1, 1] }, labels: 'coco' }), {
    config: { normalization: { channelOrder: 'RGB' }, labels: { length: 80 } }
  })
})

t.test('the graph of an ONNX file needs little more than its input', async t => {
  const config = {
    name: 'mine',
    opaque: true,
    input: { width: 320, height: 320 },
    head: { regMax: 7, strides: [8, 16, 32], offset: 0.5 },
    resizeMode: 'letterbox',
    scores: 'probabilities',
    labels: [...COCO_LABELS]
  }
  const file = { task: 'detect', graph: 'opaque', input: { width: 320, height: 320 }, labels: 'coco' }
  t.match(read(file), { kind: 'opaque', config })
  t.match(read({ ...file, head: { strides: [8, 16, 32, 64], reg_max: 10 }, scores: 'logits' }),
    { config: { head: { regMax: 10, offset: 0 }, resizeMode: 'stretch', scores: 'logits' } })
  t.notOk('boxes' in read(file).config)
  t.match(read({ ...file, boxes: 'corners' }), { config: { boxes: 'corners', head: { regMax: 0 } } })
  t.match(read({ ...file, head: { reg_max: 0 } }), { config: { head: { regMax: 0, strides: [8, 16, 32] } } })
  t.throws(() => read({ ...file, boxes: 'corners', head: { reg_max: 7 } }), { message: 'mine: head.reg_max: corners have no distributions: leave it out' })
  t.throws(() => read({ ...file, resize_mode: 'keep-ratio' }), { message: /^mine: resize_mode: .*"letterbox"\|"stretch"/ })
})

t.test('the graph of a classifier', async t => {
  const file = { task: 'classify', graph: 'opaque', labels: ['cat', 'dog'] }
  t.same(read(file), {
    kind: 'opaque-classifier',
    config: { name: 'mine', opaque: true, input: { width: 224, height: 224 }, normalization: IMAGENET_RGB, scores: 'logits', labels: ['cat', 'dog'] }
  })
  t.match(read({ task: 'classify', graph: 'opaque', classes: 3, scores: 'probabilities', input: { width: 299, height: 299 } }), {
    config: { labels: ['class_0', 'class_1', 'class_2'], scores: 'probabilities', input: { width: 299 } }
  })
  t.throws(() => read({ ...file, classes: 2 }), { message: 'mine: needs either labels or classes, their number' })
})

t.test('a classifier', async t => {
  const file = { task: 'classify', backbone: { name: 'shufflenetv2', width: '0.5x' }, classes: 3 }
  t.same(read(file), {
    kind: 'classifier',
    config: {
      name: 'mine',
      backbone: { name: 'shufflenetv2', width: '0.5x' },
      input: { width: 224, height: 224 },
      normalization: IMAGENET_RGB,
      labels: ['class_0', 'class_1', 'class_2']
    }
  })
  const { classes, ...rest } = file
  t.match(read({ ...rest, labels: ['cat', 'dog'] }), { config: { labels: ['cat', 'dog'] } })
  t.throws(() => read(rest), { message: 'mine: needs either labels or classes, their number' })
  t.throws(() => read({ ...file, labels: ['cat'] }), { message: 'mine: needs either labels or classes, their number' })
})

t.test('the examples of the documentation are what it describes', async t => {
  const examples = [...source('docs/bring-your-own-model.md').matchAll(/```json\n([^]*?)```/g)].map(([, text]) => text!)
  const { published, weights, ...plus } = REGISTRY.get('nanodet-plus-m-416')!
  const labels = ['helmet', 'vest', 'person']
  const [known, full, short, ...others] = examples.map(text => readOwnConfig(text, plus.name))
  t.same(known, { kind: 'detector', config: { ...plus, labels } })
  t.same(short, { kind: 'detector', config: plus })
  t.same(full, { kind: 'detector', config: { ...plus, labels } })
  t.same(others.map(({ kind }) => kind), ['classifier', 'opaque', 'opaque-classifier'])
  const defaults = [['input', 'normalization'], ['head', 'boxes', 'resize_mode', 'normalization', 'scores'], ['input', 'normalization', 'scores']]
  for (const [i, keys] of defaults.entries()) {
    const shortened = Object.entries(JSON.parse(examples[i + 3]!)).filter(([key]) => !keys.includes(key))
    t.same(readOwnConfig(JSON.stringify(Object.fromEntries(shortened)), plus.name), others[i])
  }
})

t.test('values that can\'t be used are refused by name', async t => {
  const refused = (file: object, message: RegExp) => t.throws(() => read(file), { name: 'ModelFileError', message })
  refused({ model: 'nanodet-plus-m-46' }, /^mine: model: unknown model nanodet-plus-m-46; the nearest are nanodet-plus-m-416, /)
  refused({ model: 'x'.repeat(99) }, /^mine: model: unknown model x+$/)
  refused({ model: 'nanodet-t', head: {} }, /^mine: Unrecognized key: "head"$/)
  refused({ model: 'nanodet-t', input: { width: 33, height: 32 } }, /^mine: input\.width: /)
  refused({ ...detector, typo: 1 }, /^mine: Unrecognized key: "typo"$/)
  refused({ ...detector, task: 'segment' }, /^mine: task: .*"detect"\|"classify"/)
  refused({ ...detector, backbone: { name: 'resnet' } }, /^mine: backbone\.name: possible names: custom-csp-net, /)
  refused({ ...detector, head: { name: 'nanodet-head', reg_max: 'many' } }, /^mine: head\.reg_max: /)
  refused({ ...detector, head: { name: 'nanodet-head', strides: [16, 32] } }, /^mine: the head has the strides 16, 32, its levels have 8, 16, 32$/)
  refused({ ...detector, labels: undefined, act: 'Mish' }, /^mine: act: .*; labels: /)
  t.throws(() => readOwnConfig('{', 'mine'), { name: 'ModelFileError', message: /^mine: the file is not valid JSON: / })
  t.throws(() => readOwnConfig('null', 'mine'), { name: 'ModelFileError' })
})
