import t from 'tap'
import { entriesOf, inOrder, join, NONE, pack, padded, type Arranged } from '../../../nn/passes/arranged.ts'
import { floats, input, type Tensor } from '../../../nn/tensor.ts'
import { operators } from '../../support/passes.ts'
import { run } from '../../support/run.ts'

const values = (x: Tensor): number[] => x.source.kind === 'constant' ? Array.from(x.source.data, Number) : []
const counting = (...shape: number[]): Tensor =>
  floats(shape, Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i + 1))
const blocks = (name: string, channels: number[]): Arranged => ({ tensor: input(name, [1, channels.length, 1, 1]), channels })
const feedOf = ({ tensor, channels }: Arranged) => {
  const feed = { dims: tensor.shape as number[], data: Float32Array.from(channels, c => c + 100) }
  return [(tensor.source as { name: string }).name, feed] as const
}

t.test('padded fills blocks of 16', async t => {
  t.same(padded([5, 6]), [5, 6, ...Array(14).fill(NONE)])
  t.equal(padded(Array(16).fill(1)).length, 16)
  t.equal(padded(Array(17).fill(1)).length, 32)
})

t.test('entriesOf picks along either axis, zeros for none', async t => {
  t.same(values(entriesOf(counting(3), [2, NONE, 0], 0)), [3, 0, 1])
  const picked = entriesOf(counting(2, 2, 1, 2), [1, NONE], 1)
  t.same(picked.shape, [2, 2, 1, 2])
  t.same(values(picked), [3, 4, 0, 0, 7, 8, 0, 0])
  const whole = counting(2, 3)
  t.equal(entriesOf(whole, [0, 1], 0), whole)
})

t.test('inOrder takes the wanted channels out, join puts maps together', async t => {
  const x = blocks('x', [3, NONE, 1, 2])
  t.equal(inOrder(x, x.channels), x.tensor)
  const { y } = await run({ y: inOrder(join([x, blocks('z', [0])]), [0, 1, 2]) }, Object.fromEntries([x, blocks('z', [0])].map(feedOf)))
  t.same([...y!.data], [100, 101, 102])
  t.equal(join([x]), x)
})

t.test('of many parts hardly read, what is read is packed', async t => {
  const full = blocks('full', Array.from({ length: 16 }, (_, i) => i))
  const sparse = [20, 30, 40].map(c => blocks(`part${c}`, padded([c, c + 1])))
  const packed = pack([sparse[0]!, full, ...sparse.slice(1)])
  t.same(packed.map(({ channels }) => channels), [full.channels, padded([20, 21, 30, 31, 40, 41])])
  t.same(operators([packed[1]!.tensor]), ['Concat', 'Conv'])
  const { y } = await run({ y: packed[1]!.tensor }, Object.fromEntries(sparse.map(feedOf)))
  t.same([...y!.data], [120, 121, 130, 131, 140, 141, ...Array(10).fill(0)])
})

t.test('nothing is packed where that saves no block, or of what is read for the most part', async t => {
  const one = [blocks('part', padded([20])), blocks('full', padded([...Array(12).keys()]))]
  t.equal(pack(one), one)
  const half = [20, 30].map(c => blocks(`part${c}`, padded([...Array(9).keys()].map(i => c + i))))
  t.equal(pack(half), half)
})
