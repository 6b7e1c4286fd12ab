import t from 'tap'
import { isSafetensors, readSafetensors, safetensorsMetadata, writeSafetensors } from '../../../models/checkpoints/safetensors.ts'

const tensors = new Map([
  ['conv.weight', { shape: [2, 1, 1, 1], data: Float32Array.of(0.5, -2) }],
  ['conv.bias', { shape: [3], data: Float32Array.of(1, 2, 3) }]
])

const raw = (entries: Record<string, unknown>, body = Buffer.alloc(8)): Buffer => {
  const json = Buffer.from(JSON.stringify(entries))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(json.length))
  return Buffer.concat([length, json, body])
}

t.test('what is written is read again', async t => {
  t.same(readSafetensors(writeSafetensors(tensors, { folded: 'true' })), { folded: true, parameters: tensors })
  t.same(readSafetensors(writeSafetensors(new Map())), { folded: false, parameters: new Map() })
})

t.test('metadata is read again, and may be missing', async t => {
  t.same(safetensorsMetadata(writeSafetensors(tensors, { model: 'ä', folded: 'true' })), { model: 'ä', folded: 'true' })
  t.same(safetensorsMetadata(raw({})), {})
  t.same(safetensorsMetadata(raw({ __metadata__: null })), {})
})

t.test('the file obeys the format', async t => {
  const file = Buffer.from(writeSafetensors(tensors, { made: 'bÿ hand' }))
  const length = Number(file.readBigUInt64LE())
  t.equal(length % 8, 0, 'tensors are aligned')
  t.same(JSON.parse(file.toString('utf8', 8, 8 + length)), {
    __metadata__: { made: 'bÿ hand' },
    'conv.weight': { dtype: 'F32', shape: [2, 1, 1, 1], data_offsets: [0, 8] },
    'conv.bias': { dtype: 'F32', shape: [3], data_offsets: [8, 20] }
  })
  t.equal(file.length, 8 + length + 20)
  t.equal(file.readFloatLE(8 + length + 4), -2)
})

t.test('integers are written, too, and every tensor lies aligned to its elements', async t => {
  const file = Buffer.from(writeSafetensors(new Map<string, { shape: number[], data: Float32Array | Int32Array | BigInt64Array }>([
    ['scores', { shape: [3], data: Float32Array.of(1, 2, 3) }],
    ['ids', { shape: [2], data: BigInt64Array.of(-1n, 2n ** 40n) }],
    ['sizes', { shape: [1], data: Int32Array.of(-7) }]
  ])))
  const body = 8 + Number(file.readBigUInt64LE())
  t.match(JSON.parse(file.toString('utf8', 8, body)), {
    ids: { dtype: 'I64', shape: [2], data_offsets: [0, 16] },
    scores: { dtype: 'F32', shape: [3], data_offsets: [16, 28] },
    sizes: { dtype: 'I32', shape: [1], data_offsets: [28, 32] }
  })
  t.strictSame([file.readBigInt64LE(body), file.readBigInt64LE(body + 8)], [-1n, 2n ** 40n])
  t.strictSame([file.readFloatLE(body + 24), file.readInt32LE(body + 28), file.length], [3, -7, body + 32])
})

t.test('a file that PyTorch wrote: half precision, counters, unknown types, batch norms that are not folded', async t => {
  const body = Buffer.from(Uint16Array.of(0x3c00, 0xc000, 0x3f80, 0xc000, 7, 0, 0, 0, 9).buffer)
  const { folded, parameters, unreadable } = readSafetensors(raw({
    __metadata__: { format: 'pt' },
    half: { dtype: 'F16', shape: [2], data_offsets: [0, 4] },
    brain: { dtype: 'BF16', shape: [2], data_offsets: [4, 8] },
    'bn.num_batches_tracked': { dtype: 'I64', shape: [], data_offsets: [8, 16] },
    'bn.running_var': { dtype: 'F16', shape: [0], data_offsets: [16, 16] },
    tiny: { dtype: 'F8_E4M3', shape: [2], data_offsets: [16, 18] }
  }, body))
  t.notOk(folded)
  t.same([...parameters].map(([name, { data }]) => [name, [...data]]), [['half', [1, -2]], ['brain', [1, -2]], ['bn.num_batches_tracked', [7]], ['bn.running_var', []]])
  t.same(unreadable, new Map([['tiny', 'F8_E4M3']]))
  t.ok(readSafetensors(raw({ 'conv.bias': { dtype: 'F32', shape: [2], data_offsets: [0, 8] } })).folded, 'no running statistics: folded')
})

t.test('the first bytes of a file', async t => {
  t.ok(isSafetensors(Buffer.from(writeSafetensors(tensors))))
  t.notOk(isSafetensors(Buffer.from('{"a": 1}         ')))
  t.notOk(isSafetensors(Buffer.from('12345678{         ')))
})

t.test('files that are not of the format are refused', async t => {
  const file = Buffer.from(writeSafetensors(tensors))
  t.throws(() => readSafetensors(Buffer.from('GIF')), { message: /shorter than its header/ })
  t.throws(() => readSafetensors(file.subarray(0, 50)), { message: /shorter than its header/ })
  t.throws(() => readSafetensors(file.subarray(0, -4)), { message: /conv\.bias does not fit/ })
  t.throws(() => readSafetensors(Buffer.concat([file.subarray(0, 8), file.subarray(9), file])), { message: /not a JSON object/ })
  t.throws(() => readSafetensors(Buffer.from('\x04\0\0\0\0\0\0\0null')), { message: /not a JSON object/ })
  const broken: unknown[] = [
    { dtype: 'F32', shape: [4], data_offsets: [0, 8] }, { dtype: 'F32', shape: [2], data_offsets: [8, 0] }, { dtype: 'F32', shape: [2] }, null,
    { dtype: 'F32', shape: [-2], data_offsets: [0, 8] }, { dtype: 1, shape: [2], data_offsets: [0, 8] }, { dtype: 'F32', shape: [2], data_offsets: [0] }
  ]
  for (const x of broken) t.throws(() => readSafetensors(raw({ x })), { name: 'CheckpointError', message: /x does not fit/ })
})

t.test('tensors that overlap are refused: many of them would take far more memory than the file', async t => {
  const entry = { dtype: 'F16', shape: [4], data_offsets: [0, 8] }
  t.throws(() => readSafetensors(raw({ x: entry, y: entry })), { message: /y overlaps with another tensor/ })
})
