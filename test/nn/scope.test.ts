import t from 'tap'
import * as op from '../../nn/ops.ts'
import { Scope, type Layer } from '../../nn/scope.ts'
import { input, type Tensor } from '../../nn/tensor.ts'
import { seededWeights } from '../support/seeded.ts'

const x = input('x', [1, 2, 4, 4])
const double: Layer = x => op.add(x, x)
const scaled: Layer = (x, scope) => op.mul(x, scope.param('weight', [1]))

t.test('apply names what layers return, from the inside out', async t => {
  const scope = Scope.root(seededWeights)
  const y = scope.apply('stage', (x, scope) => scope.apply(0, double, x), x)
  t.same([...scope.taps.keys()], ['stage.0', 'stage'])
  t.equal(scope.taps.get('stage'), y)
  t.equal(scope.taps.get('stage.0'), y)
})

t.test('tap names what no layer returns', async t => {
  const scope = Scope.root(seededWeights)
  scope.at('fpn').tap('p3', x)
  t.same([...scope.taps], [['fpn.p3', x]])
})

t.test('aliases stand beside paths', async t => {
  const scope = Scope.root(seededWeights)
  const y = scope.alias('stage2', scope.at('backbone').apply('stage2', double, x))
  t.same([...scope.aliases], [['stage2', y]])
  t.same([...scope.taps], [['backbone.stage2', y]])
})

t.test('untap takes a value\'s names away', async t => {
  const scope = Scope.root(seededWeights)
  const y = scope.apply('conv', double, x)
  scope.apply('act', double, y)
  scope.untap(y)
  t.same([...scope.taps.keys()], ['act'])
})

t.test('every operator belongs to the innermost layer that applied it', async t => {
  const scope = Scope.root(seededWeights)
  const block: Layer = (x, scope) => op.relu(scope.at('convs').apply(0, double, op.sigmoid(x)))
  scope.apply('head', (x: Tensor, scope) => {
    const y = scope.apply('block', block, op.elu(x))
    return [scope.tap('p3', op.selu(y))]
  }, x)
  t.same([...scope.owners].map(([{ op }, path]) => [op, path]), [
    ['Elu', 'head'], ['Sigmoid', 'head.block'], ['Add', 'head.block.convs.0'], ['Relu', 'head.block'], ['Selu', 'head']
  ])
})

t.test('a parameter has its full name, and is asked for once', async t => {
  const scope = Scope.root(seededWeights)
  scope.apply('head', scaled, x)
  scope.apply('head', scaled, x)
  t.same([...scope.params.keys()], ['head.weight'])
  t.same(scope.at('head').param('weight', [1]).source, { kind: 'constant', data: seededWeights.get('head.weight', [1]), name: 'head.weight' })
})

t.test('values that go through the same layer have their own names', async t => {
  const scope = Scope.root(seededWeights).at('head')
  for (const level of ['p3', 'p4']) scope.for(level).at('tower').apply(0, scaled, x)
  t.same([...scope.taps.keys()], ['head.tower.0@p3', 'head.tower.0@p4'])
  t.same([...scope.params.keys()], ['head.tower.0.weight'])
})

t.test('errors tell the innermost place', async t => {
  const scope = Scope.root(seededWeights)
  const wrong: Layer = x => op.channelShuffle(x, 3)
  t.throws(() => scope.apply('neck', (x, scope) => scope.apply('conv', wrong, x), x), { message: /^neck\.conv: channelShuffle: / })
  t.throws(() => scope.apply('neck', () => { throw new TypeError('a bug') }, x), new TypeError('a bug'))
})

t.test('a fed parameter is an input of its name, of which there is one', async t => {
  const scope = Scope.root({ ...seededWeights, isFed: name => name === 'head.weight' })
  scope.apply('head', scaled, x)
  scope.apply('head', scaled, x)
  scope.apply('neck', scaled, x)
  t.same(scope.params.get('head.weight')!.source, { kind: 'input', name: 'head.weight' })
  t.equal(scope.params.get('neck.weight')!.source.kind, 'constant')
  t.equal(scope.at('head').param('weight', [1]), scope.params.get('head.weight'))
})

t.test('weights say by path which batch norms use their batch; their statistics are recorded', async t => {
  t.notOk(Scope.root(seededWeights).at('bn').usesBatchStatistics, 'none by default')
  const scope = Scope.root({ ...seededWeights, usesBatchStatistics: path => path === 'stem.bn' })
  t.ok(scope.at('stem').at('bn').usesBatchStatistics)
  t.notOk(scope.at('stem').usesBatchStatistics)
  const statistics = { mean: input('mean', [2]), variance: input('variance', [2]) }
  scope.at('stem').at('bn').record(statistics)
  t.same([...scope.statistics], [['stem.bn', statistics]])
})
