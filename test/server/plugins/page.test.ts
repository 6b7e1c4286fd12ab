import { createHash } from 'node:crypto'
import { pathToFileURL } from 'node:url'
import { gunzipSync } from 'node:zlib'
import Fastify from 'fastify'
import pino from 'pino'
import t, { type Test } from 'tap'
import { readConfig } from '../../../server/config.ts'
import { access } from '../../../server/plugins/access.ts'
import { errors } from '../../../server/plugins/errors.ts'
import { page } from '../../../server/plugins/page.ts'
import { startApp } from '../../support/server.ts'
import { STREET } from '../../support/street.ts'

const FILES = ['/', '/page/app.js', '/page/page.css', '/page/street.jpg']

t.test('the page and its files need no key; a policy says what they may load; all addresses in it are relative', async t => {
  const { app } = await startApp(t, { API_KEYS: 'secret' }, { load: false })
  const types = ['text/html', 'text/javascript', 'text/css', 'image/jpeg']
  for (const [i, url] of FILES.entries()) {
    const { statusCode, headers } = await app.inject(url)
    t.equal(statusCode, 200, url)
    t.match(headers['content-type'], types[i]!)
    t.match(headers['content-security-policy'], /^default-src 'none'; script-src 'self'; style-src 'self';/)
    t.notMatch(headers['content-security-policy'], /unsafe|http/)
    t.equal(headers['x-content-type-options'], 'nosniff')
  }
  const { body } = await app.inject('/')
  const links = [...body.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, link]) => link!)
  t.ok(links.length > 3)
  t.same(links.filter(link => !/^(page\/[\w.]+|docs|openapi\.json|models|data:image.*)$/.test(link)), [])
  t.notMatch(body, /<script>|style="|onclick/)
  t.same((await app.inject('/page/street.jpg')).rawPayload, STREET)
  t.notOk(Object.keys((await app.inject('/openapi.json')).json().paths).some(path => path === '/' || path.startsWith('/page')))
})

t.test('files are sent once, gzipped to who reads it', async t => {
  const { app } = await startApp(t, {}, { load: false })
  const plain = await app.inject('/page/app.js')
  const gzipped = await app.inject({ url: '/page/app.js', headers: { 'accept-encoding': 'gzip, br' } })
  t.match(gzipped.headers, { 'content-encoding': 'gzip', vary: /accept-encoding/i, 'cache-control': 'no-cache' })
  t.same(gunzipSync(gzipped.rawPayload), plain.rawPayload)
  t.equal(plain.headers['content-encoding'], undefined)
  t.equal((await app.inject({ url: '/page/app.js', headers: { 'accept-encoding': 'gzip;q=0' } })).headers['content-encoding'], undefined)
  t.equal((await app.inject({ url: '/page/street.jpg', headers: { 'accept-encoding': 'gzip' } })).headers['content-encoding'], undefined)
  const etag = String(plain.headers.etag)
  t.equal(gzipped.headers.etag, etag)
  t.match(etag, createHash('sha256').update(plain.rawPayload).digest('base64url').slice(0, 16))
  for (const known of [etag, etag.replace('W/', ''), `"other", ${etag}`, '*']) {
    const again = await app.inject({ url: '/page/app.js', headers: { 'if-none-match': known } })
    t.match([again.statusCode, again.body, again.headers.etag], [304, '', etag], known)
  }
  t.equal((await app.inject({ url: '/page/app.js', headers: { 'if-none-match': '"other"' } })).statusCode, 200)
  for (const url of FILES) {
    const head = await app.inject({ method: 'HEAD', url })
    t.match(head, { statusCode: 200, body: '', headers: { 'content-length': String((await app.inject(url)).rawPayload.length) } }, url)
  }
})

t.test('other paths and methods get errors in the usual shape', async t => {
  const { app } = await startApp(t, {}, { load: false })
  const odd = ['/page', '/page/', '/page/bundle.js', '/page/app.js.gz', '/page/../../package.json', '/page/%2e%2e/version.js', '/page/logic/store.js', '/page/app.js/']
  for (const url of odd) t.match((await app.inject(url)).json(), { statusCode: 404, code: 'NOT_FOUND' }, url)
  for (const method of ['POST', 'PUT', 'DELETE'] as const) {
    const reply = await app.inject({ method, url: '/' })
    t.match(reply.json(), { statusCode: reply.statusCode, code: /^(NOT_FOUND|METHOD_NOT_ALLOWED)$/ }, method)
  }
})

t.test('NO_PAGE: / leads to the documentation of the API, and the files are gone', async t => {
  const { app } = await startApp(t, { NO_PAGE: 'true' }, { load: false })
  t.match(await app.inject('/'), { statusCode: 302, headers: { location: 'docs' } })
  for (const url of FILES.slice(1)) t.equal((await app.inject(url)).statusCode, 404, url)
})

t.test('a page that is not built is a warning; / leads to the documentation', async t => {
  const { app, lines } = await appWith(t, t.testdir({}))
  t.match(await app.inject('/'), { statusCode: 302, headers: { location: 'docs' } })
  t.match(lines.join(''), 'the page at / is not built')
})

/** An app with the page's plugin alone, on another folder. */
async function appWith (t: Test, folder: string) {
  const lines: string[] = []
  const app = Fastify({ loggerInstance: pino({ level: 'warn' }, { write: (line: string) => { lines.push(line) } }) })
  t.teardown(() => app.close())
  await app.register(errors)
  await app.register(access, { config: readConfig({}) })
  await app.register(page, { config: { NO_PAGE: false }, folder: pathToFileURL(`${folder}/`) })
  return { app, lines }
}
