import t from 'tap'
import { readPickle } from '../../../models/checkpoints/pickle.ts'
import { global, pickle, reduce, textOf } from '../../support/torch-file.ts'

const options = { constructors: { 'collections OrderedDict': () => new Map() }, persistentLoad: (id: unknown) => ({ id }) }
const read = (...parts: Array<Buffer | string>) =>
  readPickle(pickle(...parts.map(part => typeof part === 'string' ? Buffer.from(part, 'latin1') : part)), 0, options).value

t.test('values', async t => {
  t.equal(read('K\x07'), 7)
  t.equal(read('M\x01\x02'), 513)
  t.equal(read('J\xff\xff\xff\xff'), -1)
  t.equal(read('\x8a\x02\x00\xff'), -256)
  t.equal(read('\x8a\x00'), 0)
  t.equal(read('G\x3f\xf8\0\0\0\0\0\0'), 1.5)
  t.same(read('(N\x88\x89t'), [null, true, false])
  t.same(read('K\x01\x85'), [1])
  t.same(read('K\x01K\x02\x86'), [1, 2])
  t.same(read('K\x01K\x02K\x03\x87'), [1, 2, 3])
  t.same(read(')'), [])
  t.equal(read(textOf('naïve')), 'naïve')
  t.equal(read('\x8c\x02hi'), 'hi')
})

t.test('containers, and the memo', async t => {
  t.same(read('](K\x01K\x02e'), [1, 2])
  t.same(read(']K\x05a'), [5])
  t.same(read('}', textOf('a'), 'K\x01s'), new Map([['a', 1]]))
  t.same(read('}(', textOf('a'), 'K\x01', textOf('b'), 'K\x02u'), new Map([['a', 1], ['b', 2]]))
  t.same(read('(', textOf('x'), 'q\x00h\x00r\x01\0\0\0j\x01\0\0\0t'), ['x', 'x', 'x'])
  t.same(read('\x95\0\0\0\0\0\0\0\0', textOf('collections'), textOf('OrderedDict'), '\x93)R}b'), new Map())
  t.same(read(textOf('7'), 'Q'), { id: '7' })
})

t.test('one pickle after the other', async t => {
  const bytes = Buffer.concat([pickle(Buffer.from('K\x01')), pickle(Buffer.from('K\x02'))])
  const { value, end } = readPickle(bytes, 0, options)
  t.same([value, readPickle(bytes, end, options)], [1, { value: 2, end: bytes.length }])
})

t.test('what wants to run something is refused by name', async t => {
  const attack = reduce(global('os', 'system'), textOf('true'))
  t.throws(() => read(attack), { name: 'CheckpointError', message: /it wants to use os\.system, which no state dict needs/ })
  t.throws(() => read(reduce(global('builtins', 'eval'), textOf('1'))), { message: /builtins\.eval/ })
  t.throws(() => read(global('constructor', 'constructor')), { message: /constructor\.constructor/ })
})

t.test('what is no pickle, or a broken one', async t => {
  const broken: Array<[bytes: string, message: RegExp]> = [
    ['\x81', /opcode 0x81/], ['X\xff\xff\0\0abc', /ends too early/], ['cos\n', /middle of a line/], ['t', /mark/], ['K\x01s', /takes more|no dict/],
    ['K\x01(K\x02u', /no dict/], ['K\x01(K\x02e', /no list/], ['K\x01)R', /no function/]
  ]
  for (const [bytes, message] of broken) t.throws(() => read(bytes), { name: 'CheckpointError', message }, bytes)
})
