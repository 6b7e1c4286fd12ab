import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { repVgg } from '../../backbone/repvgg.ts'
import { loadCheckpoint } from '../../models/load-checkpoint.ts'
import { writeSafetensors } from '../../models/checkpoints/safetensors.ts'
import { weightsOf, zeros } from '../../models/checkpoints/state-dict.ts'
import { buildNetwork, buildOnImage } from '../../models/network.ts'
import { REGISTRY } from '../../models/registry.ts'
import { loadStateDict } from '../../models/weights.ts'
import { toOnnx } from '../../nn/onnx/to-onnx.ts'
import { Scope } from '../../nn/scope.ts'
import { input, type Tensor } from '../../nn/tensor.ts'
import { maxDifference, run } from '../support/run.ts'
import { seededImage, seededWeights } from '../support/seeded.ts'
import { legacyFile, zipFile, type TorchTensor } from '../support/torch-file.ts'

const config = REGISTRY.get('nanodet-m-0.5x')!
const image = input('image', [1, 3, 320, 320])
const { params, predictions } = buildNetwork(config, seededWeights, image)
const tensors = new Map<string, TorchTensor>([...params].map(([name, { shape }]) =>
  [name, { shape: shape as number[], data: seededWeights.get(name, shape) }]))
const gfl = { name: 'gfl-head', featChannels: 32, stackedConvs: 1, norm: 'group', regMax: 7, strides: [8, 16, 32], offset: 0.5 } as const
const bins = (count: number): TorchTensor => ({ shape: [count], data: Float32Array.from({ length: count }, (_, i) => i) })
const figures = (params: Iterable<[string, Tensor]>) => new Map([...params].map(([name, { shape }]) =>
  [name, { shape: shape as number[], data: zeros(false).get(name, shape) }]))
const zerosFile = (params: Iterable<[string, Tensor]>) => writeSafetensors(figures(params), { folded: 'false' })
const dead = { shape: [1], data: Float32Array.of(1) }

async function load (t: Test, file: Uint8Array, model = config) {
  const path = join(t.testdir(), 'checkpoint')
  await writeFile(path, file)
  return loadCheckpoint(path, model)
}

const prefixed = (prefix: string, extra: Record<string, TorchTensor> = {}) =>
  ({ ...extra, ...Object.fromEntries([...tensors].map(([name, tensor]) => [`${prefix}${name}`, tensor])) })

t.test('what PyTorch wrote gives what PyTorch computes', async t => {
  const feeds = { image: { dims: [1, 3, 320, 320], data: seededImage(320) } }
  const { expected } = await run({ expected: predictions }, feeds)
  for (const file of [zipFile(prefixed('')), legacyFile(prefixed('model.')), zipFile(prefixed('module.'))]) {
    const stateDict = await load(t, file)
    t.notOk(stateDict.folded)
    const { found } = await run({ found: buildNetwork(config, weightsOf(stateDict), image).predictions }, feeds)
    t.equal(maxDifference(found!.data, expected!.data), 0)
  }
})

t.test('an average of the weights counts more than the weights', async t => {
  const zeros = Object.fromEntries([...tensors].map(([name, { shape, data }]) => [`model.${name}`, { shape, data: new Float32Array(data.length) }]))
  const { parameters } = await load(t, zipFile({ ...prefixed('avg_model.'), ...zeros }))
  t.same(parameters.get('backbone.conv1.0.weight')!.data, tensors.get('backbone.conv1.0.weight')!.data)
})

t.test('prefixes of other wrappers are dropped, too', async t => {
  for (const prefix of ['_orig_mod.', 'module.model.', 'avg_model.']) await t.resolves(load(t, zipFile(prefixed(prefix, { n_averaged: dead }))))
})

/** Numbers that half precision holds exactly. */
const HALF = 0x3c00
const BRAIN = 0x3f80
const ones = (type: 'F16' | 'BF16'): Record<string, TorchTensor> => Object.fromEntries([...tensors].map(([name, { shape, data }]) => [name, {
  shape, data: new Uint16Array(data.length).fill(type === 'F16' ? HALF : BRAIN), storage: type === 'F16' ? 'HalfStorage' : 'BFloat16Storage'
}]))

t.test('state dicts in half precision, from PyTorch', async t => {
  for (const type of ['F16', 'BF16'] as const) {
    const { parameters } = await load(t, zipFile(ones(type)))
    t.same(new Set(parameters.get('backbone.conv1.0.weight')!.data), new Set([1]))
  }
})

/** As safetensors.torch.save_file writes a state dict. */
function plainSafetensors (type: 'F16' | 'BF16'): Buffer {
  const entries: Record<string, unknown> = { __metadata__: { format: 'pt' } }
  const parts: Buffer[] = []
  let end = 0
  const add = (name: string, dtype: string, shape: number[], bytes: Buffer) => {
    entries[name] = { dtype, shape, data_offsets: [end, end += bytes.length] }
    parts.push(bytes)
  }
  add('model.backbone.conv1.1.num_batches_tracked', 'I64', [], Buffer.alloc(8))
  for (const [name, { shape, data }] of Object.entries(ones(type))) add(`model.${name}`, type, shape, Buffer.from(data.buffer as ArrayBuffer))
  const json = Buffer.from(JSON.stringify(entries))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(json.length))
  return Buffer.concat([length, json, ...parts])
}

t.test('plain safetensors from PyTorch: half precision, counters, batch norms that are not folded', async t => {
  for (const type of ['F16', 'BF16'] as const) {
    const { folded, parameters } = await load(t, plainSafetensors(type))
    t.notOk(folded)
    t.same(new Set(parameters.get('backbone.conv1.0.weight')!.data), new Set([1]))
  }
})

t.test('a type that can\'t be read matters only if the network needs the parameter', async t => {
  const complex = { shape: [1], data: Float32Array.of(1), storage: 'ComplexFloatStorage' }
  await t.resolves(load(t, zipFile(prefixed('', { 'aux_head.x': complex }))))
  await t.rejects(load(t, zipFile({ ...prefixed(''), 'backbone.conv1.0.weight': complex })), { message: /parameter backbone\.conv1\.0\.weight is of the type torch\.ComplexFloatStorage/ })
  await t.rejects(load(t, zipFile(prefixed('', { unknown: complex }))), { message: 'the checkpoint does not fit: nanodet-m-0.5x has no unknown' })
})

t.test('a Git LFS pointer is named', async t => {
  await t.rejects(load(t, Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5091268\n')), { message: /Git LFS pointer/ })
})

t.test('what only training needs may be there', async t => {
  const extra = {
    'backbone.conv1.1.num_batches_tracked': dead,
    'aux_head.gfl_cls.weight': dead,
    'aux_fpn.x': dead,
    'head.gfl_reg.0.weight': dead,
    'head.distribution_project.project': bins(8)
  }
  await t.resolves(load(t, zipFile(prefixed('', extra))))
})

t.test('anything else that is too much, missing or misshapen is refused by name', async t => {
  await t.rejects(load(t, zipFile(prefixed('', { 'neck.unknown': dead }))), { message: /nanodet-m-0\.5x has no neck\.unknown/ })
  const { 'fpn.lateral_convs.1.conv.bias': _, ...missing } = prefixed('')
  await t.rejects(load(t, zipFile(missing)), { message: /parameter fpn\.lateral_convs\.1\.conv\.bias \[96\] is not in the checkpoint/ })
  await t.rejects(load(t, zipFile(prefixed('')), REGISTRY.get('nanodet-m')!), { message: /is \[24, 24, 1, 1\].*needs \[58, 24, 1, 1\]/ })
})

t.test('another number of classes is told as that', async t => {
  const twenty = { ...config, labels: config.labels.slice(0, 20) }
  const message = 'the checkpoint does not fit: it has 80 classes, the model 20 labels'
  await t.rejects(load(t, zipFile(prefixed('')), twenty), { message })
  await t.rejects(load(t, zipFile(prefixed('model.', { 'model.head.distribution_project.project': bins(8) })), twenty), { message })
  const apart = buildOnImage({ ...config, head: gfl }, zeros(false)).params
  await t.rejects(load(t, zerosFile(apart), { ...twenty, head: gfl }), { message })
})

t.test('a head of another width is told as that', async t => {
  const narrow = buildOnImage({ ...config, head: { ...gfl, stackedConvs: 0 }, neck: { name: 'pan', outChannels: 64 } }, zeros(false)).params
  const file = zerosFile([...narrow, ...[...buildOnImage(config, zeros(false)).params].filter(([name]) => name.startsWith('fpn'))])
  await t.rejects(load(t, file, { ...config, head: { ...gfl, stackedConvs: 0 } }), { message: /gfl_cls\.weight is \[80, 64, 3, 3\].* needs \[80, 96, 3, 3\]/ })
})

t.test('other distributions are told as that', async t => {
  const wider = { ...config, head: { ...config.head, regMax: 10 } }
  const file = zipFile(prefixed('', { 'head.distribution_project.project': bins(8) }))
  await t.rejects(load(t, file, wider), { message: 'the checkpoint does not fit: its distances have 8 bins, the model\'s 11' })
})

t.test('GFLHead\'s box branch is its own', async t => {
  const model = { ...config, head: gfl }
  const params = [...buildOnImage(model, zeros(false)).params]
  await t.resolves(load(t, zerosFile(params), model))
  const without = params.filter(([name]) => name !== 'head.gfl_reg.weight')
  await t.rejects(load(t, zerosFile(without), model), { message: /parameter head\.gfl_reg\.weight .* is not in the checkpoint/ })
})

t.test('TAN\'s unused layer may be there', async t => {
  const model = REGISTRY.get('nanodet-t')!
  const { params } = buildOnImage(model, zeros(false))
  await t.resolves(load(t, zipFile({ ...Object.fromEntries(figures(params)), 'fpn.transformer.linear.weight': dead }), model))
})

t.test('RepVGG\'s training form becomes the form that is served, which is taken as it is', async t => {
  const model = REGISTRY.get('nanodet-repvgg-a0-416')!
  const { params: served } = buildOnImage(model, zeros(false))
  const scope = Scope.root(zeros(false))
  repVgg({ variant: 'A0', lastChannels: 512, form: 'train' })(image, scope.at('backbone'))
  const head = [...served].filter(([name]) => !name.startsWith('backbone.'))
  for (const params of [[...scope.params, ...head], [...served]]) {
    const { parameters } = await load(t, zerosFile(params), model)
    t.same([...parameters.keys()].sort(), [...served.keys()].sort())
  }
})

t.test('ONNX, and safetensors that begin with the same byte', async t => {
  const folded = { ...seededWeights, folded: true }
  const bytes = toOnnx({ outputs: new Map([['output', buildNetwork(config, folded, image).predictions]]) })
  t.equal(bytes[0], 8)
  t.ok((await load(t, bytes)).folded)
  await t.rejects(load(t, bytes.subarray(0, 1000)), { message: /not a readable ONNX checkpoint: / })
  const alike = Buffer.concat([Buffer.of(8, 0, 0, 0, 0, 0, 0, 0), Buffer.from('{}      '.repeat(2))])
  await t.rejects(load(t, alike), { name: 'ParameterError' })
})

t.test('safetensors', async t => {
  const real = REGISTRY.get('nanodet-m-416')!
  const { parameters } = await loadStateDict(real)
  t.ok((await load(t, writeSafetensors(parameters, { folded: 'true' }), real)).folded)
  await t.rejects(load(t, Buffer.from('this is no checkpoint at all')), { name: 'CheckpointError' })
  await t.rejects(load(t, Buffer.alloc(3)), { message: /the file has only 3 bytes/ })
})
