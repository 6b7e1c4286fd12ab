import { readFileSync } from 'node:fs'
import t from 'tap'
import { RULES } from '../../../nn/gradients/rules.ts'
import { rootUrl } from '../../support/files.ts'

t.test('docs/gradients.md lists the operators that have a rule', async t => {
  const text = readFileSync(new URL('docs/gradients.md', rootUrl), 'utf8')
  const [, rows] = /\| Operator \|.*\n\|.*\n((\|.*\n)+)/.exec(text)!
  const listed = rows!.trim().split('\n').flatMap(row => [...row.split('|')[1]!.matchAll(/`(\w+)`/g)].map(([, name]) => name))
  t.same(listed.toSorted(), Object.keys(RULES).toSorted())
})
