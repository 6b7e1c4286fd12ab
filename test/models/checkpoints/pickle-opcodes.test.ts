import t from 'tap'
import { Inert } from '../../../models/checkpoints/pickle-machine.ts'
import { readPickle } from '../../../models/checkpoints/pickle.ts'
import { global, pickle, textOf } from '../../support/torch-file.ts'

const options = { constructors: { 'collections OrderedDict': () => new Map() }, persistentLoad: (id: unknown) => ({ id }) }
const read = (...parts: Array<Buffer | string>) =>
  readPickle(pickle(...parts.map(part => typeof part === 'string' ? Buffer.from(part, 'latin1') : part)), 0, options).value
const counter = global('collections', 'Counter')
const inert = new Inert('collections.Counter')

t.test('values', async t => {
  t.equal(read('K\x07'), 7)
  t.equal(read('M\x01\x02'), 513)
  t.equal(read('J\xff\xff\xff\xff'), -1)
  t.equal(read('\x8a\x02\x00\xff'), -256)
  t.equal(read('\x8a\x00'), 0)
  t.equal(read('\x8b\x01\0\0\0\x05'), 5)
  t.same(read('\x8b\x41\0\0\0', '\x7f'.repeat(65)), new Inert('int'), 'an integer of more than 64 bytes')
  t.equal(read('G\x3f\xf8\0\0\0\0\0\0'), 1.5)
  t.same(read('(N\x88\x89t'), [null, true, false])
  t.same(read('K\x01\x85'), [1])
  t.same(read('K\x01K\x02\x86'), [1, 2])
  t.same(read('K\x01K\x02K\x03\x87'), [1, 2, 3])
  t.same(read(')'), [])
})

t.test('texts and bytes of each length', async t => {
  t.equal(read(textOf('naïve')), 'naïve')
  t.equal(read('\x8c\x02hi'), 'hi')
  t.equal(read('\x8d\x02\0\0\0\0\0\0\0hi'), 'hi')
  t.equal(read('U\x02hi'), 'hi')
  t.equal(read('T\x02\0\0\0hi'), 'hi')
  for (const bytes of ['C\x02hi', 'B\x02\0\0\0hi', '\x8e\x02\0\0\0\0\0\0\0hi', '\x96\x02\0\0\0\0\0\0\0hi']) t.same(read(bytes), new Inert('bytes'))
})

t.test('containers', async t => {
  t.same(read('](K\x01K\x02e'), [1, 2])
  t.same(read(']K\x05a'), [5])
  t.same(read('}', textOf('a'), 'K\x01s'), new Map([['a', 1]]))
  t.same(read('}(', textOf('a'), 'K\x01', textOf('b'), 'K\x02u'), new Map([['a', 1], ['b', 2]]))
  t.same(read('\x8f(K\x01K\x02\x90'), new Set([1, 2]))
  t.same(read('(K\x01K\x02\x91'), new Set([1, 2]))
  t.same(read(textOf('7'), 'Q'), { id: '7' })
})

t.test('the stack and the memo', async t => {
  t.same(read('(', textOf('x'), 'q\x00h\x00r\x01\0\0\0j\x01\0\0\0t'), ['x', 'x', 'x'])
  t.same(read(textOf('x'), '\x940(h\x00h\x00t'), ['x', 'x'])
  t.same(read('K\x01K\x020'), 1)
  t.same(read('K\x01(K\x02K\x031'), 1)
  t.same(read('(K\x012t'), [1, 1])
  t.same(read('\x95\0\0\0\0\0\0\0\0', textOf('collections'), textOf('OrderedDict'), '\x93)R}b'), new Map())
})

t.test('placeholders absorb everything', async t => {
  t.same(read(counter, ')R'), inert)
  t.same(read(counter, ')\x81'), inert)
  t.same(read(counter, ')}\x92'), inert)
  t.same(read(counter, ')R}b'), inert)
  t.same(read(counter, ')RK\x01K\x02s'), inert)
  t.same(read(counter, ')R(K\x01K\x02u'), inert)
  t.same(read(counter, ')RK\x01a'), inert)
  t.same(read(counter, ')R(K\x01K\x02e'), inert)
  t.same(read(counter, ')R(K\x01K\x02\x90'), inert)
  t.same(read('}', counter, 'K\x01s'), new Map([[inert, 1]]), 'a class as a key')
})

t.test('operations on the wrong values are errors', async t => {
  const broken: Array<[bytes: string, message: RegExp]> = [
    ['X\xff\xff\0\0abc', /ends in the middle/], ['cos\n', /middle of a line/], ['t', /mark/], ['K\x01s', /empty stack|not a dict/],
    ['K\x01(K\x02u', /not a dict/], ['K\x01(K\x02e', /not a list/], ['K\x01(K\x02\x90', /not a set/], ['K\x01)R', /not a function/]
  ]
  for (const [bytes, message] of broken) t.throws(() => read(bytes), { name: 'CheckpointError', message }, bytes)
})
