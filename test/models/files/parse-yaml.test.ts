import t from 'tap'
import { parseYaml } from '../../../models/files/parse-yaml.ts'

t.test('merge keys count, as in PyYAML', async t => {
  t.same(parseYaml('a: &a {x: 1, y: 2}\nb:\n  <<: *a\n  y: 3\n', 'mine'), { value: { a: { x: 1, y: 2 }, b: { x: 1, y: 3 } }, notes: [] })
  t.same(parseYaml('a: &a {x: 1}\nc: &c {y: 1}\nb:\n  <<: *a\n  <<: *c\n', 'mine').notes, [])
})

t.test('of a key that is set twice, the last value counts, with a note', async t => {
  const { value, notes } = parseYaml('a: 1\nb:\n  c: 1\n  d: 0\n  c: 2\na: 2\na: 3\n? [x]\n: 1\n', 'mine')
  t.match(value, { a: 3, b: { c: 2, d: 0 } })
  t.same([...notes].sort(), ['a is set more than once; the last one counts (line 7)', 'b.c is set more than once; the last one counts (line 5)'])
  t.match(parseYaml('? [x]\n: 1\n? [x]\n: 2\n', 'mine').notes, [/x.* is set more than once/])
})

t.test('what is not YAML is refused in one line', async t => {
  t.throws(() => parseYaml('a: [', 'mine'), { name: 'ModelFileError', message: /^mine: the file is not YAML: .+$/ })
  const laughs = Array.from({ length: 9 }, (_, i) => `a${i}: &a${i} [${i ? Array(9).fill(`*a${i - 1}`).join(', ') : 'lol'}]`).join('\n')
  t.throws(() => parseYaml(laughs, 'mine'), { message: /^mine: the file is not YAML: Excessive alias count/ })
})

t.test('many keys take no longer than their number', async t => {
  const keys = Array.from({ length: 30_000 }, (_, i) => `k${i}: 1`)
  const start = performance.now()
  const { notes } = parseYaml([...keys, 'k0: 2', 'k0: 3'].join('\n'), 'm')
  t.same(notes, ['k0 is set more than once; the last one counts (line 30002)'])
  t.ok(performance.now() - start < 10_000)
})
