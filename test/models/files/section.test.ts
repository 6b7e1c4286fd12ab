import t from 'tap'
import { Section } from '../../../models/files/section.ts'

const section = new Section('mine', 'top', { width: 1.5, count: 3, on: true, list: [1, 2], names: ['a', 2], text: 'b', nothing: null, below: { x: 1, y: 2 } })

t.test('values are what they are asked for as', async t => {
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
  t.ok(section.holds(['below', 'y']))
  t.notOk(section.holds(['below', 'z']))
  t.notOk(section.holds(['text', 'z']))
})

t.test('what nobody asked for can be told', async t => {
  const fresh = new Section('mine', '', { a: 1, b: { c: 1, d: 2 }, e: { f: 1 } })
  fresh.raw('a')
  fresh.section('b').raw('c')
  t.same(fresh.unread(), ['b.d', 'e'])
})

t.test('errors name model, path and value', async t => {
  const refused = (ask: () => unknown, message: string) => t.throws(ask, { name: 'ModelFileError', message })
  refused(() => section.number('text', [0, 1]), 'mine: top.text: b is no number from 0 to 1')
  refused(() => section.wholeNumber('width', [0, 9]), 'mine: top.width: 1.5 is no whole number from 0 to 9')
  refused(() => section.wholeNumber('count', [4, 9]), 'mine: top.count: 3 is no whole number from 4 to 9')
  refused(() => section.flag('count'), 'mine: top.count: 3 is neither true nor false')
  refused(() => section.numbers('names'), 'mine: top.names: ["a",2] is no list of numbers')
  refused(() => section.texts('on'), 'mine: top.on: true is no list of texts')
  refused(() => section.oneOf('text', ['c']), 'mine: top.text: b is not possible; possible: c')
  refused(() => section.raw('absent'), 'mine: top.absent is missing')
  refused(() => section.section('text'), 'mine: top.text is not a mapping of keys to values')
  refused(() => section.only('count', 4), 'mine: top.count: 3 is not possible; possible: 4')
  refused(() => new Section('mine', '', { long: 'x'.repeat(99) }).flag('long'), `mine: long: ${'x'.repeat(60)}… is neither true nor false`)
})

t.test('nothing comes from what every object has', async t => {
  t.notOk(section.has('constructor'))
  t.throws(() => section.raw('toString'), { message: 'mine: top.toString is missing' })
})
