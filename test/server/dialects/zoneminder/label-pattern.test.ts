import t from 'tap'
import { labelPattern } from '../../../../server/dialects/zoneminder/label-pattern.ts'
import { cpuTime } from '../../../support/cpu-time.ts'

const matches = (pattern: string, label: string): boolean => labelPattern(pattern, 'pattern')(label)

t.test('matches from the beginning, as Python\'s re.match', async t => {
  t.equal(matches('(person|car)', 'person'), true)
  t.equal(matches('(person|car)', 'carrot'), true)
  t.equal(matches('^(person|car)$', 'carrot'), false)
  t.equal(matches('son', 'person'), false)
  t.equal(matches('.*', 'traffic light'), true)
  t.equal(matches('(?i)PERSON', 'person'), true)
})

t.test('patterns that take others long do not', async t => {
  const ms = cpuTime(() => {
    for (const pattern of ['(a+)+$', '(a|a)*$', '(.*)*x', '((.*)*)*x'.repeat(28)]) {
      t.equal(matches(pattern, 'a'.repeat(256) + '!'), false)
    }
  })
  t.ok(ms < 1500, `${ms} ms`)
})

t.test('what is not taken is named', async t => {
  const cases: Array<[pattern: string, message: RegExp]> = [
    ['[a-', /^pattern: expected a regular expression/], ['(?!car).*', /without lookaround/], ['(x)\\1', /pattern/],
    ['x'.repeat(257), /256 characters/], ['(.?.?){999}', /counted repeats/],
    ['(?i)\\pL', /classes like/], ['[^\\P{Greek}]', /classes like/]
  ]
  for (const [pattern, message] of cases) t.throws(() => labelPattern(pattern, 'pattern'), { code: 'INVALID_PARAMETER', message }, pattern)
})
