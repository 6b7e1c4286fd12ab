import t from 'tap'
import { globMatcher } from '../../models/glob.ts'
import { cpuClock } from '../support/cpu-time.ts'
import { seeded } from '../support/seeded.ts'

t.test('stars stand for anything, other characters for themselves', async t => {
  const cases: Array<[glob: string, matches: string[], others: string[]]> = [
    ['stage3.*', ['stage3.', 'stage3.0.branch1'], ['stage3', 'stage30.1', 'a.stage3.1']],
    ['*', ['', 'stem'], []],
    ['*.0', ['a.0', '.0', 'a.0.0'], ['a.1', '0']],
    ['a*b*c', ['abc', 'a1b2c', 'abbcc'], ['ac', 'acb', 'abcd']],
    ['ab*ba', ['abba', 'abxba'], ['aba']],
    ['*ab*ab*', ['abab', 'xabyabz'], ['ab', 'aab']],
    ['[s]*?', ['[s]?', '[s].?'], ['s?', '[s]']],
    ['stem', ['stem'], ['stem.0']]
  ]
  for (const [glob, matches, others] of cases) {
    for (const name of matches) t.ok(globMatcher(glob)(name), `${glob} is ${name}`)
    for (const name of others) t.notOk(globMatcher(glob)(name), `${glob} is not ${name}`)
  }
})

t.test('equals a regular expression', async t => {
  const next = seeded('globs')
  const text = (alphabet: string, length: number): string =>
    Array.from({ length: Math.floor(next() * length) }, () => alphabet[Math.floor(next() * alphabet.length)]).join('')
  let matches = 0
  for (let run = 0; run < 5000; run++) {
    const [glob, name] = [text('ab*', 8), text('ab', 10)]
    const expected = new RegExp(`^${glob.replaceAll('*', '.*')}$`).test(name)
    matches += Number(expected)
    t.equal(globMatcher(glob)(name), expected, `${glob} ${name}`)
  }
  t.ok(matches > 500, `${matches} of them match`)
})

t.test('many stars and long names take no time', async t => {
  const spent = cpuClock()
  t.notOk(globMatcher(`${'*'.repeat(5000)}!`)('backbone.stage3.0.branch1.0.weight'))
  t.notOk(globMatcher(`${'*a'.repeat(5000)}!`)('a'.repeat(10_000)))
  t.ok(globMatcher('*a'.repeat(5000))('a'.repeat(10_000)))
  t.ok(spent() < 500)
})
