import t from 'tap'
import { gradients } from '../../../nn/gradients/gradients.ts'
import * as op from '../../../nn/ops.ts'
import { floats } from '../../../nn/tensor.ts'
import { Detached } from '../../../training/losses/detached.ts'
import { run } from '../../support/run.ts'

t.test('a detached value counts as a constant', async t => {
  const x = floats([2], Float32Array.of(3, 5))
  const detached = new Detached()
  const [gradient] = gradients([op.mul(x, detached.detach(x))], [floats([2], Float32Array.of(1, 1))], [x], { detached })
  const found = await run({ gradient: gradient! }, {})
  t.same([...found['gradient']!.data], [3, 5])
})
