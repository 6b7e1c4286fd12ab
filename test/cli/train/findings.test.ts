import t from 'tap'
import { Findings } from '../../../cli/train/findings.ts'

t.test('one line for each kind, in singular or plural, with the first places', async t => {
  const findings = new Findings()
  t.same(findings.lines, [])
  for (const place of ['a', 'b', 'c', 'd', 'e']) findings.add('photo', 'is/are odd', place)
  findings.add('annotation', 'has/have no area', 'a.jpg [1, 2, 0, 4]')
  findings.add('photo', 'has/have a strange name', 'a\n\u001b[2J.jpg')
  findings.say('a category has an empty name')
  t.same(findings.lines, ['5 photos are odd: a, b, c and 2 more', '1 annotation has no area: a.jpg [1, 2, 0, 4]', '1 photo has a strange name: a\\u000a\\u001b[2J.jpg', 'a category has an empty name'])
})
