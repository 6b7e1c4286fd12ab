import t from 'tap'
import { relu } from '../../../nn/activations.ts'
import { transformerEncoder } from '../../../nn/blocks/transformer.ts'
import { Scope } from '../../../nn/scope.ts'
import { input } from '../../../nn/tensor.ts'
import { maxDifference, run } from '../../support/run.ts'
import { seededFloats, seededWeights } from '../../support/seeded.ts'

const [TOKENS, CHANNELS, HEADS] = [5, 6, 2]
const encoder = transformerEncoder({ heads: HEADS, mlpRatio: 3, act: relu })
const data = seededFloats('x', TOKENS * CHANNELS, u => 4 * u - 2)

type Vector = number[]
const dot = (a: Vector, b: Vector): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0)
const plus = (a: Vector, b: Vector): Vector => a.map((value, i) => value + b[i]!)

function linear (name: string, bias: string, out: number, x: Vector): Vector {
  const weight = [...seededWeights.get(name, [out, x.length])]
  const shift = seededWeights.get(bias, [out])
  return Array.from({ length: out }, (_, o) => dot(weight.slice(o * x.length, (o + 1) * x.length), x) + shift[o]!)
}

function layerNorm (name: string, x: Vector): Vector {
  const mean = dot(x, x.map(() => 1)) / x.length
  const deviation = Math.sqrt(dot(x.map(value => value - mean), x.map(value => value - mean)) / x.length + 1e-5)
  const [weight, bias] = [seededWeights.get(`${name}.weight`, [x.length]), seededWeights.get(`${name}.bias`, [x.length])]
  return x.map((value, i) => (value - mean) / deviation * weight[i]! + bias[i]!)
}

/** Token by token, head by head, as the paper writes it. */
function attend (tokens: Vector[]): Vector[] {
  const projected = tokens.map(token => linear('attn.in_proj_weight', 'attn.in_proj_bias', 3 * CHANNELS, token))
  const size = CHANNELS / HEADS
  const part = (of: number, head: number) => projected.map(values => values.slice(of * CHANNELS + head * size).slice(0, size))
  const heads = Array.from({ length: HEADS }, (_, head) => {
    const [queries, keys, values] = [part(0, head), part(1, head), part(2, head)]
    return queries.map(query => {
      const weights = keys.map(key => Math.exp(dot(query, key) / Math.sqrt(size)))
      const total = dot(weights, weights.map(() => 1))
      return values.reduce((sum, value, i) => plus(sum, value.map(v => v * weights[i]! / total)), new Array(size).fill(0))
    })
  })
  return tokens.map((_, i) => linear('attn.out_proj.weight', 'attn.out_proj.bias', CHANNELS, heads.flatMap(head => head[i]!)))
}

t.test('equals the paper\'s equations, norms first', async t => {
  const { y } = await run({ y: encoder(input('x', [1, TOKENS, CHANNELS]), Scope.root(seededWeights)) }, { x: { dims: [1, TOKENS, CHANNELS], data } })
  const tokens = Array.from({ length: TOKENS }, (_, i) => [...data.slice(i * CHANNELS, (i + 1) * CHANNELS)])
  const attended = attend(tokens.map(token => layerNorm('norm1', token))).map((value, i) => plus(tokens[i]!, value))
  const expected = attended.map(token => {
    const hidden = linear('mlp.fc1.weight', 'mlp.fc1.bias', 3 * CHANNELS, layerNorm('norm2', token)).map(value => Math.max(value, 0))
    return plus(token, linear('mlp.fc2.weight', 'mlp.fc2.bias', CHANNELS, hidden))
  })
  t.ok(maxDifference(y!.data, expected.flat()) < 1e-5)
})

t.test('upstream\'s names, and any number of images', async t => {
  const scope = Scope.root(seededWeights)
  t.same(encoder(input('x', ['N', 9, CHANNELS]), scope).shape, ['N', 9, CHANNELS])
  t.same([...scope.params.keys()], [
    'norm1.weight', 'norm1.bias', 'attn.in_proj_weight', 'attn.in_proj_bias', 'attn.out_proj.weight', 'attn.out_proj.bias',
    'norm2.weight', 'norm2.bias', 'mlp.fc1.weight', 'mlp.fc1.bias', 'mlp.fc2.weight', 'mlp.fc2.bias'
  ])
})

t.test('heads have to divide the channels', async t => {
  const uneven = transformerEncoder({ heads: 4, mlpRatio: 1, act: relu })
  t.throws(() => uneven(input('x', [1, 9, 6]), Scope.root(seededWeights)), { message: /^attn: attention: 4 heads do not divide the channels/ })
})
