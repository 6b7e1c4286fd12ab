import { zipSync } from 'fflate'
import t from 'tap'
import { readTorch } from '../../../models/checkpoints/torch.ts'
import { cpuClock } from '../../support/cpu-time.ts'
import { fixture } from '../../support/files.ts'
import { dictOf, global, intOf, legacyFile, pickle, reduce, stateDict, textOf, zipFile, zipOf, type Wrap } from '../../support/torch-file.ts'

const data = Float32Array.of(1, 2, 3, 4, 5, 6)
const tensors = {
  weight: { shape: [2, 3], data },
  transposed: { shape: [3, 2], data, strides: [1, 3] },
  part: { shape: [2], data, offset: 3 },
  scalar: { shape: [], data: Float32Array.of(9) }
}
const one = { weight: { shape: [2, 3], data } }
/** A whole model, as torch.save(model) pickles it. */
const model = Buffer.concat([global('nanodet.model.arch.nanodet_plus', 'NanoDetPlus'), Buffer.from(')\x81', 'latin1'), dictOf({ training: intOf(1) }), Buffer.from('b')])

for (const [format, write] of Object.entries({ zip: zipFile, legacy: legacyFile })) {
  t.test(`${format}: tensors, views and all`, async t => {
    const { parameters } = readTorch(write(tensors))
    t.same([...parameters.keys()], Object.keys(tensors))
    t.same(parameters.get('weight'), { shape: [2, 3], data })
    t.same(parameters.get('transposed'), { shape: [3, 2], data: Float32Array.of(1, 4, 2, 5, 3, 6) })
    t.same(parameters.get('part'), { shape: [2], data: Float32Array.of(4, 5) })
    t.same(parameters.get('scalar'), { shape: [], data: Float32Array.of(9) })
  })

  t.test(`${format}: half precision and counters`, async t => {
    const { parameters, unreadable } = readTorch(write({
      half: { shape: [2], data: Uint16Array.of(0x3c00, 0xc000), storage: 'HalfStorage' },
      brain: { shape: [2], data: Uint16Array.of(0x3f80, 0xc000), storage: 'BFloat16Storage' },
      num_batches_tracked: { shape: [], data: BigInt64Array.of(7n), storage: 'LongStorage' }
    }))
    t.same([...parameters.values()].map(({ data }) => [...data]), [[1, -2], [1, -2], [7]])
    t.equal(unreadable, undefined)
  })

  t.test(`${format}: a state dict is found in what scripts wrap it into`, async t => {
    const other = dictOf({ lr: intOf(1) })
    const wraps: Wrap[] = [
      dict => dict,
      dict => dictOf({ model: dict }),
      dict => dictOf({ model, ema: dictOf({ module: dict }), epoch: intOf(1) }),
      dict => dictOf({ state_dict: other, model_state_dict: dict }),
      dict => dictOf({ optimizer: other, net: dict })
    ]
    for (const wrap of wraps) t.same([...readTorch(write(one, wrap)).parameters.keys()], ['weight'])
    t.throws(() => readTorch(write({}, () => other)), { message: /it holds no state dict/ })
    t.throws(() => readTorch(write({}, () => intOf(1))), { message: /it holds no state dict/ })
    t.throws(() => readTorch(write(one, dict => dictOf({ model: dictOf({ model: dictOf({ model: dict }) }) }))), { message: /it holds no state dict/ })
  })

  t.test(`${format}: a whole model is refused with advice`, async t => {
    const message = /whole model as a Python object \(nanodet\.model\.arch\.nanodet_plus\.NanoDetPlus\).*torch\.save\(model\.state_dict\(\), 'model\.pth'\)/
    t.throws(() => readTorch(write({}, () => model)), { message })
    t.throws(() => readTorch(write({}, () => dictOf({ epoch: intOf(1), model }))), { message })
  })

  t.test(`${format}: cut short anywhere, it is one clear error`, async t => {
    const file = write(tensors)
    for (let length = 16; length < file.length - 30; length += 41) {
      t.throws(() => readTorch(file.subarray(0, length)), { name: 'CheckpointError' }, `${length} bytes`)
    }
  })
}

for (const [protocol, base64] of Object.entries<string>(fixture('checkpoint-pickles.json'))) {
  t.test(`a Lightning checkpoint with all kinds of state, as Python pickles it in protocol ${protocol}`, async t => {
    const storages = [data, Uint16Array.of(0x3c00, 0xc000, 0, 0, 0, 0), Uint16Array.of(0x3f80, 0xc000, 0, 0, 0, 0), BigInt64Array.of(7n)]
    for (const level of [0, 6] as const) {
      const { parameters, unreadable } = readTorch(zipOf(Buffer.from(base64, 'base64'), storages.map(data => ({ data })), level))
      t.equal(unreadable, undefined)
      t.same(parameters.get('model.weight'), { shape: [2, 3], data })
      t.same(parameters.get('model.half')!.data, Float32Array.of(1, -2, 0, 0, 0, 0))
      t.same(parameters.get('model.brain')!.data, Float32Array.of(1, -2, 0, 0, 0, 0))
      t.same(parameters.get('model.bn.num_batches_tracked'), { shape: [], data: Float32Array.of(7) })
    }
  })
}

t.test('tensors of other types are named, not read', async t => {
  const quantized = reduce(global('torch._utils', '_rebuild_qtensor'), intOf(1))
  const file = zipFile({ ...one, complex: { shape: [3], data, storage: 'ComplexFloatStorage' } },
    dict => Buffer.concat([dict, textOf('q'), quantized, Buffer.from('s')]))
  const { parameters, unreadable } = readTorch(file)
  t.same([...parameters.keys()], ['weight'])
  t.same(unreadable, new Map([['complex', 'torch.ComplexFloatStorage'], ['q', 'torch._utils._rebuild_qtensor']]))
  t.throws(() => readTorch(legacyFile({ complex: { shape: [3], data, storage: 'ComplexFloatStorage' } })), { message: /unknown type torch\.ComplexFloatStorage/ })
})

t.test('a persistent id of something else is a placeholder', async t => {
  const module = Buffer.concat([Buffer.from('('), textOf('module'), global('nanodet', 'NanoDet'), textOf('source'), Buffer.from('tQ')])
  t.throws(() => readTorch(zipOf(pickle(module), [])), { message: /whole model as a Python object \(nanodet\.NanoDet\)/ })
  t.throws(() => readTorch(zipOf(pickle(intOf(1), Buffer.from('Q')), [])), { message: /whole model as a Python object \(undefined\)/ })
})

t.test('files of something else', async t => {
  t.throws(() => readTorch(pickle(Buffer.from('K\x01'))), { message: /without PyTorch's magic number/ })
  t.throws(() => readTorch(zipFile({ huge: { shape: [1e6, 1e6], data, strides: [0, 0] } })), { message: /ends before huge/ })
  const noPickle = Buffer.from(zipFile({}).toString('latin1').replaceAll('data.pkl', 'data.txt'), 'latin1')
  t.throws(() => readTorch(noPickle), { message: /has no data\.pkl, so torch\.save did not write it/ })
})

t.test('a TorchScript archive is named', async t => {
  const script = Buffer.from(zipSync({ 'm/data.pkl': new Uint8Array(pickle(intOf(1))), 'm/code/__torch__.py': new Uint8Array(9) }))
  t.throws(() => readTorch(script), { message: /it is a TorchScript archive.*model\.state_dict\(\).*or export the model to ONNX/ })
})

t.test('many tensors on one storage take no more memory than a few times the file', async t => {
  const storage = Buffer.concat([Buffer.from('('), ...['storage'].map(textOf), global('torch', 'FloatStorage'), textOf('0'), textOf('cpu'), intOf(2 ** 18), Buffer.from('tQ')])
  const tensor = Buffer.concat([global('torch._utils', '_rebuild_tensor_v2'), Buffer.from('('), storage, intOf(0), intOf(2 ** 18), Buffer.from('\x85', 'latin1'), intOf(1), Buffer.from('\x85tR', 'latin1')])
  const items = Object.fromEntries(Array.from({ length: 400 }, (_, i) => [`tensor${i}`, tensor]))
  t.throws(() => readTorch(zipOf(pickle(dictOf(items)), [{ data: new Float32Array(2 ** 18) }])), { message: /more than 8 times the bytes of the file/ })
})

t.test('a ZIP archive that unpacks to far more than its size is refused', async t => {
  const storages = Array.from({ length: 90 }, () => ({ data: new Float32Array(2 ** 18) }))
  const tensors = Object.fromEntries(storages.map(({ data }, i) => [String(i), { shape: [2 ** 18], data }]))
  t.throws(() => readTorch(zipOf(pickle(stateDict(tensors)), storages, 6)), { name: 'CheckpointError', message: /ZIP archive: it unpacks to far more than its own size/ })
})

t.test('hostile arguments of what builds tensors end with an error, fast', async t => {
  const inMemo = (value: string): string => `${value}q\x000`
  const ordered = 'ccollections\nOrderedDict\n'
  const rebuild = 'ctorch._tensor\n_rebuild_from_type_v2\n'
  const storage = '(X\x07\0\0\0storagectorch\nFloatStorage\nX\x01\0\0\x000NK\x01tQ'
  const tensor = `ctorch._utils\n_rebuild_tensor_v2\n(${storage}K\x00h\x00h\x00tR0`
  const nested = `${']'.repeat(1000)}${'a'.repeat(999)}`
  const hostile: Record<string, [bytes: string, message: RegExp]> = {
    'long lists of pairs': [inMemo(`](${'NN\x86q\x01'}${'h\x01'.repeat(1e5)}e`) + `${ordered}h\x00\x85R0`.repeat(1e4), /far more objects/],
    'long shapes': [inMemo(`](${'K\x01'.repeat(1e5)}e`) + tensor.repeat(1000), /no valid storage, shape or strides/],
    'arguments that hold themselves': [`]q\x00(${rebuild}q\x01Nh\x00eh\x01h\x00R`, /no state dict|whole model/],
    'a nested list as a key': [`(X\x07\0\0\0storagectorch\nFloatStorage\n${nested}NK\x01tQ`, /no state dict/]
  }
  for (const [name, [bytes, message]] of Object.entries(hostile)) {
    const spent = cpuClock()
    t.throws(() => readTorch(zipOf(pickle(Buffer.from(bytes, 'latin1')), [])), { name: 'CheckpointError', message }, name)
    t.ok(spent() < 5000, name)
  }
})
