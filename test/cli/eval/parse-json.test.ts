import t from 'tap'
import { parseJson } from '../../../cli/eval/parse-json.ts'

t.test('JSON with and without a byte order mark', async t => {
  t.same(parseJson('a.json', Buffer.from('\uFEFF[1]')), [1])
  t.same(parseJson('a.json', Buffer.from('{"a": 1}')), { a: 1 })
  t.throws(() => parseJson('a.json', Buffer.from('{\n')), { name: 'CommandError', message: /^a\.json: not JSON: [^\n]+$/ })
})
