import t from 'tap'
import { decodeText, looksLikeObject, parseJson, parseJsonObject } from '../../../server/body/json.ts'

const bytes = (text: string): Buffer => Buffer.from(text)

t.test('text is UTF-8', async t => {
  t.equal(decodeText(bytes('größer')), 'größer')
  t.throws(() => decodeText(Buffer.of(0xff, 0xfe)), { code: 'MALFORMED_REQUEST', message: /UTF-8/ })
})

t.test('JSON of any kind, and objects', async t => {
  t.same(parseJson(bytes('[1]')), [1])
  t.same(parseJsonObject(bytes(' {"a": 1}')), { a: 1 })
  t.throws(() => parseJson(bytes('{"a"')), { code: 'MALFORMED_REQUEST', message: /not JSON/ })
  for (const text of ['[]', 'null', '"x"', '1']) t.throws(() => parseJsonObject(bytes(text)), { code: 'MALFORMED_REQUEST', message: /object/ }, text)
})

t.test('what begins as an object', async t => {
  for (const text of ['{', ' \r\n\t{}']) t.ok(looksLikeObject(bytes(text)))
  for (const text of ['', '  ', '[{}]', '\xff\xd8{']) t.notOk(looksLikeObject(bytes(text)))
})
