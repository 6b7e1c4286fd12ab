import t from 'tap'
import { ELEMENT_TYPES, toFloats } from '../../../models/checkpoints/element-types.ts'

const bytes = (data: NodeJS.TypedArray): Buffer => Buffer.from(data.buffer)
const read = (type: keyof typeof ELEMENT_TYPES, data: NodeJS.TypedArray): number[] =>
  [...toFloats(ELEMENT_TYPES[type], bytes(data), data.BYTES_PER_ELEMENT, data.length - 1)]

t.test('numbers of every type become float32, from any place on', async t => {
  t.same(read('F64', Float64Array.of(9, 0.5, -2)), [0.5, -2])
  t.same(read('F32', Float32Array.of(9, 0.5, -2)), [0.5, -2])
  t.same(read('F16', Uint16Array.of(0, 0x3c00, 0xc000)), [1, -2])
  t.same(read('BF16', Uint16Array.of(0, 0x3f80, 0xc000)), [1, -2])
  t.same(read('I64', BigInt64Array.of(9n, 3n, -4n)), [3, -4])
  t.same(read('I32', Int32Array.of(9, 3, -4)), [3, -4])
  t.same(read('I16', Int16Array.of(9, 3, -4)), [3, -4])
  t.same(read('I8', Int8Array.of(9, 3, -4)), [3, -4])
  t.same(read('U8', Uint8Array.of(9, 3, 255)), [3, 255])
  t.same(read('BOOL', Uint8Array.of(9, 0, 1)), [0, 1])
})

t.test('numbers outside the bytes are an error', async t => {
  t.throws(() => toFloats(ELEMENT_TYPES.F16, Buffer.alloc(4), 0, 3), RangeError)
})
