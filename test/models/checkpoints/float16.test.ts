import t from 'tap'
import { float16 } from '../../../models/checkpoints/float16.ts'

t.test('float16', async t => {
  t.same([0x3c00, 0xc000, 0x3555, 0x0001, 0x0000, 0x7c00, 0xfc00].map(float16),
    [1, -2, 0.333251953125, 2 ** -24, 0, Infinity, -Infinity])
  t.ok(Number.isNaN(float16(0x7e00)))
})
