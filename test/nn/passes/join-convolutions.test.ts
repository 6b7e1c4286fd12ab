import t from 'tap'
import * as op from '../../../nn/ops.ts'
import { joinConvolutions } from '../../../nn/passes/join-convolutions.ts'
import { floats, type Tensor } from '../../../nn/tensor.ts'
import { IMAGE, numbers, sameValues } from '../../support/passes.ts'

const conv = (name: string, out: number, x: Tensor = IMAGE): Tensor =>
  op.conv(x, floats([out, x.channels, 1, 1], numbers(name, out * x.channels)), floats([out], numbers(`${name}.bias`, out)))
const pair = (name: string, out: number, slope = 0.1): Tensor => op.leakyRelu(conv(name, out), slope)

t.test('convolutions of one map become one', async t => {
  t.same(await sameValues(t, joinConvolutions, { a: pair('a', 4), b: pair('b', 3), c: pair('c', 2) }), ['Conv', 'LeakyRelu', 'Split'])
})

t.test('what is read of the pieces is the same', async t => {
  const y = conv('y', 6, op.concat([pair('b', 3), pair('a', 4)]))
  t.same(await sameValues(t, joinConvolutions, { y }), ['Conv', 'LeakyRelu', 'Split', 'Concat', 'Conv'])
})

t.test('the values of a map that was cut have its name again', async t => {
  const [a, b] = [pair('a', 4), pair('b', 3)]
  const { names } = joinConvolutions({ outputs: new Map([['a', a], ['b', b]]), names: new Map([['map#0', a], ['map#1', b]]) })
  t.same(names!.get('map')!.shape, [1, 7, 12, 12])
  t.same(names!.get('map#1')!.shape, [1, 3, 12, 12])
})

t.test('those that differ in more than the kernel stay, and those that someone else reads', async t => {
  const four = ['Conv', 'LeakyRelu', 'Conv', 'LeakyRelu']
  t.same(await sameValues(t, joinConvolutions, { a: pair('a', 4), b: pair('b', 3, 0.2) }), four)
  t.same(await sameValues(t, joinConvolutions, { a: conv('a', 4), b: conv('b', 4) }), ['Conv', 'Conv'])
  const read = conv('a', 4)
  t.same(await sameValues(t, joinConvolutions, { read, a: op.leakyRelu(read, 0.1), b: pair('b', 3) }), four)
})
