import t from 'tap'
import { HttpClient, redirectTarget, type Variables } from '../../../cli/pull/http-client.ts'
import { startFileServer, startProxy } from '../../support/file-server.ts'

const { signal } = new AbortController()

async function get (url: string, env: Variables = {}) {
  const client = new HttpClient(env)
  try {
    const { status, url: last, body } = await client.get(new URL(url), {}, signal)
    return { status, path: last.pathname, text: await body.text() }
  } finally {
    await client.close()
  }
}

t.test('redirects are followed, also to other servers', async t => {
  const other = await startFileServer(t, (_, response) => response.end('here'))
  const { url } = await startFileServer(t, ({ url }, response) =>
    response.writeHead(url === '/a' ? 301 : 307, { location: url === '/a' ? '/b' : `${other.url}/c` }).end('moved'))
  t.strictSame(await get(`${url}/a`), { status: 200, path: '/c', text: 'here' })
})

t.test('a chain of redirects has an end', async t => {
  const { url, requests } = await startFileServer(t, (_, response) => response.writeHead(302, { location: '/next' }).end())
  await t.rejects(get(url), { name: 'DownloadError', message: `${url}/: more than 10 redirects` })
  t.equal(requests.length, 11)
})

t.test('a redirect without a location is a reply', async t => {
  const { url } = await startFileServer(t, (_, response) => response.writeHead(302).end('?'))
  t.match(await get(url), { status: 302, text: '?' })
})

t.test('redirects out of HTTPS or HTTP are refused', async t => {
  const from = new URL('https://me:secret@a.example/x')
  t.equal(redirectTarget(from, '/y').pathname, '/y')
  t.equal(redirectTarget(from, 'https://b.example/z').href, 'https://b.example/z')
  t.equal(redirectTarget(new URL('http://a.example'), 'http://b.example/').href, 'http://b.example/')
  t.throws(() => redirectTarget(from, 'http://a.example/y'), { message: 'https://a.example/x: refused a redirect from HTTPS to HTTP, which is not secure' })
  t.throws(() => redirectTarget(from, 'file:///etc/passwd'), { message: /refused a redirect to file:/ })
  t.throws(() => redirectTarget(from, 'http://['), { message: /refused a redirect to http:\/\/\[/ })
})

t.test('credentials go to the server that they are for', async t => {
  const other = await startFileServer(t, (_, response) => response.end())
  const { url, requests } = await startFileServer(t, ({ url }, response) =>
    response.writeHead(302, { location: url === '/a' ? '/b' : other.url }).end())
  await get(`${url.replace('//', '//me:se%20cret@')}/a`)
  const basic = `Basic ${Buffer.from('me:se cret').toString('base64')}`
  t.strictSame(requests.map(({ headers }) => headers.authorization), [basic, basic])
  t.strictSame(other.requests.map(({ headers }) => headers.authorization), [undefined])
})

t.test('proxies come from the environment', async t => {
  const { url } = await startFileServer(t, (_, response) => response.end('direct'))
  const behind = await startFileServer(t, (_, response) => response.end('through the proxy'))
  const proxy = await startProxy(t, behind.url)
  t.equal((await get(url)).text, 'direct')
  t.equal((await get('http://models.example/a', { HTTP_PROXY: proxy.url })).text, 'through the proxy')
  t.equal((await get('http://models.example/a', { http_proxy: proxy.url, HTTP_PROXY: 'http://127.0.0.1:1' })).text, 'through the proxy')
  t.equal((await get(url, { HTTP_PROXY: proxy.url, NO_PROXY: '127.0.0.1' })).text, 'direct')
  t.strictSame(proxy.hosts, ['models.example:80', 'models.example:80'])
  await t.rejects(get('https://models.example/a', { HTTPS_PROXY: proxy.url }), 'the test\'s server has no TLS')
  t.equal(proxy.hosts.at(-1), 'models.example:443')
})

t.test('a proxy that is no URL is an error', async t => {
  t.throws(() => new HttpClient({ HTTPS_PROXY: 'proxy' }), { name: 'CommandError', message: /^HTTP_PROXY or HTTPS_PROXY is not a URL/ })
})
