import t from 'tap'
import { bfloat16, float16 } from '../../../models/checkpoints/float16.ts'

t.test('float16', async t => {
  t.same([0x3c00, 0xc000, 0x3555, 0x0001, 0x0000, 0x7c00, 0xfc00].map(float16),
    [1, -2, 0.333251953125, 2 ** -24, 0, Infinity, -Infinity])
  t.ok(Number.isNaN(float16(0x7e00)))
})

t.test('bfloat16', async t => {
  t.same([0x3f80, 0xc000, 0x4049, 0x0000, 0x7f80, 0xff80].map(bfloat16), [1, -2, 3.140625, 0, Infinity, -Infinity])
  t.ok(Number.isNaN(bfloat16(0x7fc0)))
})
