import t from 'tap'
import { childrenOf, numberIn, parseXml, textOf } from '../../../cli/eval/xml.ts'

t.test('direct children, their text and their numbers', async t => {
  const root = parseXml('\uFEFF<a> <b x="1.5" y=" " z="q"> one </b><c><b>two</b></c>text<!-- no --></a>').documentElement!
  t.same(childrenOf(root).map(({ tagName }) => tagName), ['b', 'c'])
  const [b] = childrenOf(root, 'b')
  t.equal(childrenOf(root, 'b').length, 1)
  t.equal(textOf(root, 'b'), 'one')
  t.equal(textOf(root, 'd'), undefined)
  t.equal(numberIn(b!, 'x'), 1.5)
  t.throws(() => numberIn(b!, 'y'), { name: 'AnnotationError', message: '<b>: expected a number in y, found  ' })
  t.throws(() => numberIn(b!, 'z'), { message: '<b>: expected a number in z, found q' })
  t.throws(() => numberIn(b!, 'w'), { message: '<b>: expected a number in w, found nothing' })
})

t.test('faults are one line', async t => {
  t.throws(() => parseXml('<a><b>'), { name: 'AnnotationError', message: /^not XML: [^\n]+$/ })
})
