import t from 'tap'
import { squeezeExcite } from '../../../nn/blocks/squeeze-excite.ts'
import { Scope } from '../../../nn/scope.ts'
import { input } from '../../../nn/tensor.ts'
import { maxDifference, run } from '../../support/run.ts'
import { seededFloats, seededWeights } from '../../support/seeded.ts'

const dims = [1, 4, 5, 6]
const data = seededFloats('image', 4 * 30, u => 4 * u - 2)
const x = input('x', dims)

/** weight·v + bias of the layer of that name. */
function dense (name: string, v: number[], out: number): number[] {
  const weight = seededWeights.get(`${name}.weight`, [out, v.length, 1, 1])
  const bias = seededWeights.get(`${name}.bias`, [out])
  return [...bias].map((b, o) => v.reduce((sum, value, i) => sum + weight[o * v.length + i]! * value, b))
}

t.test('weighs each channel by what the means of all say', async t => {
  const { y } = await run({ y: squeezeExcite(2)(x, Scope.root(seededWeights)) }, { x: { dims, data } })
  const means = [0, 1, 2, 3].map(c => data.slice(c * 30, (c + 1) * 30).reduce((sum, value) => sum + value, 0) / 30)
  const hidden = dense('conv_reduce', means, 2).map(value => Math.max(value, 0))
  const gates = dense('conv_expand', hidden, 4).map(value => Math.min(Math.max(value / 6 + 0.5, 0), 1))
  t.ok(maxDifference(y!.data, data.map((value, i) => value * gates[Math.floor(i / 30)]!)) < 1e-5)
})

t.test('its convolutions have biases of their own', async t => {
  const scope = Scope.root(seededWeights)
  squeezeExcite(2)(x, scope)
  t.same([...scope.params.keys()], ['conv_reduce.weight', 'conv_reduce.bias', 'conv_expand.weight', 'conv_expand.bias'])
})
