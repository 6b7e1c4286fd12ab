import t from 'tap'
import { integral } from '../../../head/decode/integral.ts'

t.test('the expected bin', async t => {
  t.equal(integral(Float32Array.of(9, 0, 0, 0, 0, 9), 1, 4), 1.5)
  t.equal(integral(Float32Array.of(-1000, 1000, -1000), 0, 3), 1, 'large logits do not overflow')
  t.ok(Math.abs(integral(Float32Array.of(0, Math.log(3)), 0, 2) - 0.75) < 1e-6)
})
