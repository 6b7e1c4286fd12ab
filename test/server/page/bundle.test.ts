/** What server/page/bundle.ts has made. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import t from 'tap'
import { STREET } from '../../support/street.ts'

const folder = new URL('../../../server/page/', import.meta.url)
const read = (name: string): Buffer => readFileSync(new URL(name, folder))

t.test('the page is a few files, which load nothing else', async t => {
  const names = ['index.html', 'app.js', 'page.css']
  for (const name of names) t.same(gunzipSync(read(`${name}.gz`)), read(name), name)
  t.same(read('street.jpg'), STREET)
  t.notMatch(read('app.js').toString(), /(?<!`)\bimport\b ?["'({]|\brequire\(|\beval\(/, 'no other modules; a program to copy begins with import')
  t.notMatch(read('page.css').toString(), /@import|url\(/)
})

t.test('the first load is at most 150 KB', async t => {
  const zipped = readdirSync(folder).filter(name => name.endsWith('.gz'))
  t.equal(zipped.length, 3)
  const bytes = zipped.reduce((sum, name) => sum + statSync(new URL(name, folder)).size, 0)
  t.ok(bytes < 150_000, `${bytes} bytes`)
})
