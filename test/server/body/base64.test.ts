import t from 'tap'
import { decodeBase64 } from '../../../server/body/base64.ts'

const decode = (text: unknown): string => Buffer.from(decodeBase64(text, 'image')).toString('latin1')

t.test('base64, URL-safe base64, and data URLs', async t => {
  const bytes = '\xff\xfe\xfb\xf0 photo'
  const encoded = Buffer.from(bytes, 'latin1').toString('base64')
  t.equal(decode(encoded), bytes)
  t.equal(decode(Buffer.from(bytes, 'latin1').toString('base64url')), bytes)
  t.equal(decode(encoded.replace(/.{4}/g, '$&\r\n')), bytes)
  t.equal(decode(`data:image/jpeg;base64,${encoded}`), bytes)
  t.equal(decode(`data:;base64,${encoded}`), bytes)
})

t.test('anything else is refused', async t => {
  for (const value of [1, null, ['x'], 'ä', 'data:image/svg+xml,<svg/>', '{}']) {
    t.throws(() => decodeBase64(value, 'images[1]'), { code: 'INVALID_PARAMETER', message: /^images\[1\]: expected base64/ }, String(value))
  }
  t.throws(() => decodeBase64('https://example.com/a.jpg', 'image'), { code: 'INVALID_PARAMETER', message: /URLs are not fetched/ })
})
