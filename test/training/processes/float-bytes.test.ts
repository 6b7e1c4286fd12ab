import t from 'tap'
import { bytesOf, floatsOf } from '../../../training/processes/float-bytes.ts'

t.test('arrays as bytes and back, wherever they begin', async t => {
  const values = Float32Array.of(0, 1.5, -2).subarray(1)
  t.same([...floatsOf(bytesOf(values))], [1.5, -2])
  t.equal(floatsOf(bytesOf(values)).buffer, values.buffer, 'without a copy')
  const odd = new Uint8Array(9)
  odd.set(bytesOf(values), 1)
  t.same([...floatsOf(odd.subarray(1))], [1.5, -2])
})
