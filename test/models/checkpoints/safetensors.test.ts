import t from 'tap'
import { readSafetensors, writeSafetensors } from '../../../models/checkpoints/safetensors.ts'

const tensors = new Map([
  ['conv.weight', { shape: [2, 1, 1, 1], data: Float32Array.of(0.5, -2) }],
  ['conv.bias', { shape: [3], data: Float32Array.of(1, 2, 3) }]
])

t.test('what is written is read again', async t => {
  t.same(readSafetensors(writeSafetensors(tensors, { folded: 'true' })), { folded: true, parameters: tensors })
  t.same(readSafetensors(writeSafetensors(new Map())), { folded: false, parameters: new Map() })
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

t.test('files that are not of the format are refused', async t => {
  const file = Buffer.from(writeSafetensors(tensors))
  const header = (entry: object) => {
    const json = Buffer.from(JSON.stringify({ x: entry }))
    const length = Buffer.alloc(8)
    length.writeBigUInt64LE(BigInt(json.length))
    return Buffer.concat([length, json, Buffer.alloc(8)])
  }
  t.throws(() => readSafetensors(Buffer.from('GIF')), { message: /shorter than its header/ })
  t.throws(() => readSafetensors(file.subarray(0, 50)), { message: /shorter than its header/ })
  t.throws(() => readSafetensors(file.subarray(0, -4)), { message: /conv\.bias does not fit/ })
  t.throws(() => readSafetensors(Buffer.concat([file.subarray(0, 8), file.subarray(9), file])), { message: /not JSON/ })
  t.throws(() => readSafetensors(header({ dtype: 'BF16', shape: [4], data_offsets: [0, 8] })), { message: /x is BF16, not F32/ })
  t.throws(() => readSafetensors(header({ dtype: 'F32', shape: [4], data_offsets: [0, 8] })), { message: /x does not fit/ })
})
