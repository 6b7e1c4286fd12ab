import t from 'tap'
import { Section } from '../../../models/files/section.ts'

const section = new Section('mine', 'top', { width: 1.5, count: 3, on: true, list: [1, 2], names: ['a', 2], text: 'b', nothing: null, below: { x: 1, y: 2 } })

t.test('values come in the requested type', async t => {
  t.equal(section.number('width', [0, 2]), 1.5)
  t.equal(section.wholeNumber('count', [1, 3]), 3)
  t.equal(section.flag('on'), true)
  t.same(section.numbers('list'), [1, 2])
  t.same(section.texts('names'), ['a', '2'])
  t.equal(section.oneOf('text', ['a', 'b']), 'b')
  t.equal(section.oneOf('nothing', ['null']), 'null')
  t.equal(section.section('below').wholeNumber('x', [0, 9]), 1)
  t.equal(section.raw('nothing'), null)
  t.equal(section.raw('absent', 7), 7)
  t.equal(section.flag('absent', false), false)
  t.equal(section.peek(['below', 'y']), 2)
  t.equal(section.peek(['below', 'z']), undefined)
  t.equal(section.peek(['text', 'length']), undefined)
  t.equal(section.peek(['below', 'constructor']), undefined)
})

t.test('keys that have not been read are reported', async t => {
  const fresh = new Section('mine', '', { a: 1, b: { c: 1, d: 2 }, e: { f: 1 } })
  fresh.raw('a')
  fresh.section('b').raw('c')
  fresh.peek(['e', 'f'])
  t.same(fresh.unread(), ['b.d', 'e'])
})

t.test('errors name model, path and value', async t => {
  const refused = (ask: () => unknown, message: string) => t.throws(ask, { name: 'ModelFileError', message })
  refused(() => section.number('text', [0, 1]), 'mine: top.text: b is not a number from 0 to 1')
  refused(() => section.wholeNumber('width', [0, 9]), 'mine: top.width: 1.5 is not a whole number from 0 to 9')
  refused(() => section.wholeNumber('count', [4, 9]), 'mine: top.count: 3 is not a whole number from 4 to 9')
  refused(() => section.flag('count'), 'mine: top.count: 3 is neither true nor false')
  refused(() => section.numbers('names'), 'mine: top.names: ["a",2] is not a list of numbers')
  refused(() => section.texts('on'), 'mine: top.on: true is not a list of texts')
  refused(() => section.oneOf('text', ['c']), 'mine: top.text: b is not supported; supported: c')
  refused(() => section.raw('absent'), 'mine: top.absent is missing')
  refused(() => section.section('text'), 'mine: top.text is not a mapping of keys to values')
  refused(() => section.only('count', 4), 'mine: top.count: 3 is not supported; supported: 4')
  refused(() => new Section('mine', '', { long: 'x'.repeat(99) }).flag('long'), `mine: long: ${'x'.repeat(60)}… is neither true nor false`)
})

t.test('inherited properties are not values', async t => {
  t.notOk(section.has('constructor'))
  t.throws(() => section.raw('toString'), { message: 'mine: top.toString is missing' })
})
