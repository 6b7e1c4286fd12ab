import t from 'tap'
import type { z } from 'zod'
import { choice, flag, number, text, wholeNumber, wholeNumbers } from '../../cli/options.ts'

const problem = (schema: z.ZodType, value: unknown): string | undefined => schema.safeParse(value).error?.issues[0]?.message

t.test('a flag is false unless given', async t => {
  t.same([flag('').parse(undefined), flag('').parse(true)], [false, true])
})

t.test('text is not empty', async t => {
  t.equal(text('FILE', '').parse('a'), 'a')
  t.equal(problem(text('FILE', ''), ''), 'expected a value')
})

t.test('one of several words', async t => {
  t.equal(choice(['a', 'b'], '').parse('b'), 'b')
  t.equal(problem(choice(['a', 'b', 'c'], ''), 'd'), 'expected a, b or c')
})

t.test('numbers have bounds', async t => {
  const share = number(0, 1, '')
  t.same(['0', '.35', '1.', '1.0'].map(text => share.parse(text)), [0, 0.35, 1, 1])
  for (const wrong of ['-0.1', '1.5', 'NaN', '1e-1', '', '0x1', ' 1']) t.equal(problem(share, wrong), 'expected a number from 0 to 1', wrong)
  const count = wholeNumber(1, 60, '')
  t.same(['1', '60'].map(text => count.parse(text)), [1, 60])
  for (const wrong of ['0', '61', '1.5', 'many', '']) t.equal(problem(count, wrong), 'expected a whole number from 1 to 60', wrong)
})

t.test('a list of whole numbers', async t => {
  const list = wholeNumbers(1, 16, '')
  t.same(list.parse('1,2,16'), [1, 2, 16])
  for (const wrong of ['', '1,,2', '1, 2', '0,1', '17', 'a']) t.match(problem(list, wrong), /^expected whole numbers from 1 to 16/, wrong)
})
