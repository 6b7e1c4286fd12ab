import t from 'tap'
import { relu } from '../../nn/activations.ts'
import { batchNorm, conv2d, depthwise, groupNorm, layerNorm, linear, named, pointwise, sequential, sequentialFrom, within } from '../../nn/layers.ts'
import { Scope, type Weights } from '../../nn/scope.ts'
import { input } from '../../nn/tensor.ts'
import { interpret } from '../support/interpreter.ts'
import { maxDifference, run } from '../support/run.ts'
import { seededFloats, seededWeights } from '../support/seeded.ts'

const x = input('x', [1, 4, 6, 6])
const image = { dims: [1, 4, 6, 6], data: seededFloats('x', 144, u => u) }
const block = sequential(conv2d(8, 3, { stride: 2 }), batchNorm(), relu, depthwise(3), batchNorm(), pointwise(6), batchNorm())

t.test('parameters are named as torch.nn.Sequential names them, activations counted', async t => {
  const scope = Scope.root(seededWeights)
  t.same(block(x, scope).shape, [1, 6, 3, 3])
  const norm = (i: number) => ['weight', 'bias', 'running_mean', 'running_var'].map(name => `${i}.${name}`)
  t.same([...scope.params.keys()], ['0.weight', ...norm(1), '3.weight', ...norm(4), '5.weight', ...norm(6)])
  t.same(scope.params.get('3.weight')!.shape, [8, 1, 3, 3])
})

t.test('the same layers take a checkpoint whose batch norms are folded', async t => {
  const scope = Scope.root(folded)
  const y = block(x, scope)
  t.same([...scope.params.keys()], ['0.weight', '0.bias', '3.weight', '3.bias', '5.weight', '5.bias'])
  const apart = await run({ y: block(x, Scope.root(seededWeights)) }, { x: image })
  const together = await run({ y }, { x: image })
  t.ok(maxDifference(apart['y']!.data, together['y']!.data) < 1e-5)
  t.same([...scope.taps.keys()], ['1', '2', '4', '6'], 'what lies before a folded norm has no name: nobody can tell its value')
})

t.test('linear', async t => {
  const scope = Scope.root(seededWeights)
  t.same(linear(10)(input('x', ['N', 4]), scope).shape, ['N', 10])
  t.same(scope.params.get('weight')!.shape, [10, 4])
})

t.test('linear without a bias', async t => {
  const scope = Scope.root(seededWeights)
  t.same(linear(10, { bias: false })(input('x', ['N', 4]), scope).shape, ['N', 10])
  t.same([...scope.params.keys()], ['weight'])
})

t.test('a convolution that has no bias has none in folded checkpoints either, one that has keeps its own', async t => {
  const names = (bias: boolean) => {
    const scope = Scope.root(folded)
    conv2d(8, 3, { bias })(x, scope.at(0))
    return [...scope.params.keys()]
  }
  t.same(names(false), ['0.weight'])
  t.same(names(true), ['0.weight', '0.bias'])
})

t.test('groupNorm and layerNorm', async t => {
  const scope = Scope.root(seededWeights)
  t.same(groupNorm(2)(x, scope.at('gn')).shape, x.shape)
  t.same(layerNorm(x, scope.at('ln')).shape, x.shape)
  t.same([...scope.params].map(([name, { shape }]) => [name, ...shape]), [['gn.weight', 4], ['gn.bias', 4], ['ln.weight', 6], ['ln.bias', 6]])
})

t.test('sequentialFrom goes on counting', async t => {
  const scope = Scope.root(seededWeights)
  sequentialFrom(3, [relu, conv2d(2, 1)])(x, scope)
  t.same([...scope.taps.keys()], ['3', '4'])
  t.same([...scope.params.keys()], ['4.weight'])
})

/** The seeded weights, with each batch norm folded into the convolution before it. */
const folded: Weights = {
  folded: true,
  get (name, shape) {
    const conv = Number(name.split('.')[0])
    const out = Number(shape[0])
    const norm = (key: string): Float32Array => seededWeights.get(`${conv + 1}.${key}`, [out])
    const gain = norm('weight').map((weight, i) => weight / Math.sqrt(norm('running_var')[i]! + 1e-5))
    if (name.endsWith('bias')) return norm('bias').map((bias, i) => bias - norm('running_mean')[i]! * gain[i]!)
    const kernel = seededWeights.get(name, shape)
    return kernel.map((value, i) => value * gain[Math.floor(i / (kernel.length / out))]!)
  }
}

t.test('a name for a layer records its output, a name for a place does not', async t => {
  const scope = Scope.root(seededWeights)
  const y = within('blocks', named(0, pointwise(4)))(input('x', [1, 2, 4, 4]), scope)
  t.same([...scope.params.keys()], ['blocks.0.weight'])
  t.same([...scope.taps], [['blocks.0', y]])
})

t.test('a batch norm that uses its batch has no running statistics, and records the batch\'s', async t => {
  const weights: Weights = { ...seededWeights, usesBatchStatistics: path => path === '1' }
  const scope = Scope.root(weights)
  const y = block(x, scope)
  const norms = [...scope.params.keys()].filter(name => /running/.test(name))
  t.same(norms, ['4.running_mean', '4.running_var', '6.running_mean', '6.running_var'])
  t.same([...scope.statistics.keys()], ['1'])
  const { mean, variance } = scope.statistics.get('1')!
  const conv = scope.taps.get('0')!
  const [values, ...found] = interpret([conv, mean, variance], new Map([['x', image.data]]))
  const plane = (c: number): number[] => [...values!.data.slice(c * 9, (c + 1) * 9)]
  const means = Array.from({ length: 8 }, (_, c) => plane(c).reduce((a, b) => a + b) / 9)
  const variances = means.map((mean, c) => plane(c).reduce((sum, value) => sum + (value - mean) ** 2, 0) / 9)
  t.ok(maxDifference(found[0]!.data, means) < 1e-12)
  t.ok(maxDifference(found[1]!.data, variances) < 1e-12, 'the variance is biased')
  const results = await run({ y, mean, variance }, { x: image })
  const expected = interpret([y, mean, variance], new Map([['x', image.data]]))
  Object.values(results).forEach(({ data }, i) => t.ok(maxDifference(data, expected[i]!.data) < 1e-5))
})

t.test('norms by sample are the same in training', async t => {
  const built = [false, true].map(isTraining => {
    const scope = Scope.root({ ...seededWeights, usesBatchStatistics: () => isTraining })
    const y = layerNorm(groupNorm(2)(x, scope.at('gn')), scope.at('ln'))
    return { names: [...scope.params.keys()], statistics: scope.statistics.size, ...interpret([y], new Map([['x', image.data]]))[0]! }
  })
  t.same(built[0], built[1])
  t.equal(built[0]!.statistics, 0)
})
