import t from 'tap'
import { isForm, parseForm } from '../../../server/body/form.ts'

const TYPE = 'multipart/form-data; boundary=B'
const parse = (text: string, type = TYPE) =>
  parseForm(Buffer.from(text, 'latin1'), type).map(({ bytes, ...part }) => ({ ...part, text: Buffer.from(bytes).toString('latin1') }))
const part = (head: string, text: string): string => `--B\r\n${head}\r\n\r\n${text}\r\n`

t.test('what a form is', async t => {
  for (const type of [TYPE, 'Multipart/Form-Data', 'multipart/form-data ; boundary=x']) t.ok(isForm(type), type)
  for (const type of [undefined, '', 'multipart/mixed; boundary=x', 'multipart/form-database']) t.notOk(isForm(type), String(type))
})

t.test('parts in their order, whatever their disposition', async t => {
  const body = part('Content-Disposition: form-data; name="a"', '1') +
    part('Content-Disposition: form-data; name="image"; filename="x.jpg"\r\nContent-Type: IMAGE/JPEG; q=1', '\xff\xd8') +
    part('Content-Disposition: attachment; filename=y.jpg', '2') + part('Content-Type: image/png', '3') + '--B--\r\n'
  t.same(parse(body), [
    { name: 'a', fileName: undefined, type: undefined, text: '1' },
    { name: 'image', fileName: 'x.jpg', type: 'image/jpeg', text: '\xff\xd8' },
    { name: '', fileName: 'y.jpg', type: undefined, text: '2' },
    { name: '', fileName: undefined, type: 'image/png', text: '3' }
  ])
})

t.test('text before the first boundary and after the last is no part', async t => {
  t.same(parse(`\r\npreamble\r\n${part('Content-Disposition: form-data; name=a', '1')}--B--\r\nepilogue`).map(({ text }) => text), ['1'])
  t.same(parse(part('Content-Disposition: form-data; name=a', '') + '--B--').map(({ text }) => text), [''])
})

t.test('the boundary may be quoted, and comes after other parameters', async t => {
  for (const type of ['multipart/form-data; boundary="B"', 'multipart/form-data; charset=utf-8; Boundary=B']) {
    t.equal(parse(part('Content-Disposition: form-data; name=a', '1') + '--B--', type).length, 1, type)
  }
})

t.test('forms that can\'t be read are refused at once', async t => {
  const one = part('Content-Disposition: form-data; name=a', '1')
  const refused = (text: string, message: RegExp, type?: string): void => {
    t.throws(() => parse(text, type), { code: 'MALFORMED_REQUEST', message }, text.slice(0, 40))
  }
  refused(one, /not finished/)
  refused('anything', /does not contain its boundary/)
  refused('', /does not contain its boundary/)
  refused(`${one}--B--`, /does not name its boundary/, 'multipart/form-data')
  refused(part(`Content-Disposition: form-data; name=a\r\nX: ${'x'.repeat(9000)}`, '1') + '--B--', /header/)
  refused(part('Content-Disposition: form-data; name="\xff"', '1') + '--B--', /headers cannot be read/)
  t.throws(() => parse(one.repeat(129) + '--B--'), { code: 'BODY_TOO_LARGE', message: /more than 128 parts/ })
  t.equal(parse(one.repeat(128) + '--B--').length, 128)
})
