import t from 'tap'
import { z } from 'zod'
import { choice, flag, text, wholeNumber } from '../../cli/options.ts'
import { choicesOf, defaultOf, flagOf, isFlag, isList, metaOf } from '../../cli/schemas.ts'

t.test('names are kebab-case on the command line', async t => {
  t.equal(flagOf('scoreThreshold'), 'score-threshold')
  t.equal(flagOf('json'), 'json')
})

t.test('schemas are looked through', async t => {
  const format = choice(['npz', 'npy'], 'Format')
  t.same(choicesOf(format.default('npz')), ['npz', 'npy'])
  t.same(choicesOf(text('FILE', 'File').optional()), [])
  t.same([flag('Flag'), text('FILE', 'File')].map(isFlag), [true, false])
  t.same([z.array(z.string()).optional(), text('FILE', 'File')].map(isList), [true, false])
})

t.test('help text, placeholder and default', async t => {
  t.match(metaOf(choice(['a', 'b'], 'Letter').optional()), { description: 'Letter', value: 'a|b' })
  t.match(metaOf(wholeNumber(1, 5, 'Count').default(3)), { description: 'Count', value: 'N' })
  t.same(metaOf(z.string()), {})
  t.same([defaultOf(wholeNumber(1, 5, 'Count').default(3)), defaultOf(text('FILE', 'File').optional())], [3, undefined])
})
