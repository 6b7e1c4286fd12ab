import t from 'tap'
import { suggest } from '../../cli/suggest.ts'

t.test('the nearest name, if one resembles it', async t => {
  const names = ['detect', 'export', 'out']
  t.equal(suggest('detcet', names), '; did you mean detect?')
  t.equal(suggest('EXPORT', names, '--'), '; did you mean --export?')
  t.equal(suggest('x', names), '')
  t.equal(suggest('something', names), '')
})
