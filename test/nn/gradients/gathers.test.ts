import t from 'tap'
import { gradients } from '../../../nn/gradients/gradients.ts'
import { gatherElements } from '../../../nn/math.ts'
import { floats, Tensor } from '../../../nn/tensor.ts'
import { run } from '../../support/run.ts'

t.test('an entry gets the gradients of all places that it went to', async t => {
  const x = floats([3, 2], new Float32Array(6))
  const indices = new Tensor([2, 2], 'int64', { kind: 'constant', data: BigInt64Array.of(2n, 0n, 2n, 1n) })
  const [gradient] = gradients([gatherElements(x, indices, 0)], [floats([2, 2], Float32Array.of(1, 2, 4, 8))], [x])
  const found = await run({ gradient: gradient! }, {})
  t.same([...found['gradient']!.data], [0, 2, 0, 8, 5, 0])
})
