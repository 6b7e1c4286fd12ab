import { createServer } from 'node:http'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { download, type DownloadOptions } from '../../../cli/pull/download.ts'
import { HttpClient } from '../../../cli/pull/http-client.ts'
import { PartialFile } from '../../../cli/pull/partial-file.ts'
import { sendFile, startFileServer, startProxy, type Handler } from '../../support/file-server.ts'
import { seeded } from '../../support/seeded.ts'

const FILE = Buffer.from(Float64Array.from({ length: 50_000 }, seeded('download')).buffer) // 400 kB

/** @returns what happened; `run` downloads again into the same partial file */
async function setUp (t: Test, handler: Handler, more: Partial<DownloadOptions> = {}) {
  const { url, requests } = await startFileServer(t, handler)
  const client = new HttpClient({})
  t.teardown(() => client.close())
  const partial = new PartialFile(`${t.testdir({})}/a.partial`)
  const retries: string[] = []
  const progress: Array<[number, number | undefined]> = []
  const options: DownloadOptions = {
    client,
    maxSize: 1e6,
    timeout: 5000,
    retries: 3,
    delays: { first: 1, longest: 2 },
    signal: new AbortController().signal,
    onProgress: (received, total) => progress.push([received, total]),
    onRetry: problem => retries.push(problem),
    ...more
  }
  const run = (path = '/a.ckpt') => download(new URL(`${url}${path}`), partial, options)
  const isComplete = async () => (await readFile(partial.path)).equals(FILE)
  return { url: `${url}/a.ckpt`, requests, partial, retries, progress, options, run, isComplete }
}

t.test('downloads a file and counts its bytes', async t => {
  const { run, isComplete, progress, requests, retries } = await setUp(t, (request, response) => sendFile(request, response, FILE))
  await run()
  t.ok(await isComplete())
  t.strictSame([progress[0], progress.at(-1)], [[0, FILE.length], [FILE.length, FILE.length]])
  t.strictSame([requests.length, requests[0]!.headers.range, retries], [1, undefined, []])
  await run()
  t.equal(requests.length, 1, 'a complete file is not requested again')
})

t.test('a file of unknown size', async t => {
  const { run, isComplete, progress } = await setUp(t, (_, response) => response.writeHead(200).end(FILE))
  await run()
  t.ok(await isComplete())
  t.equal(progress.at(-1)![1], undefined)
})

t.test('cut connections are resumed', async t => {
  const { url, run, isComplete, requests, retries } = await setUp(t, (request, response) =>
    sendFile(request, response, FILE, { cutAfter: 150_000 }))
  await run()
  t.ok(await isComplete())
  t.match(requests.map(({ headers }) => headers.range), [undefined, /^bytes=1\d{5}-$/, /^bytes=[23]\d{5}-$/])
  t.equal(requests[1]!.headers['if-range'], '"1"')
  t.match(retries[0], `${url}: connection cut`)
})

t.test('a later download resumes an earlier one', async t => {
  const { run, isComplete, requests, partial, options } = await setUp(t, (request, response, count) =>
    sendFile(request, response, FILE, count === 0 ? { cutAfter: 150_000 } : {}), { retries: 0 })
  await t.rejects(run(), { name: 'DownloadError', mayRecover: true })
  const size = await partial.size()
  t.ok(size > 0 && size <= 150_000)
  await download(new URL(`http://${requests[0]!.headers.host}/a.ckpt`), new PartialFile(partial.path), options)
  t.ok(await isComplete())
  t.strictSame(requests.map(({ headers }) => headers.range), [undefined, `bytes=${size}-`])
})

t.test('Last-Modified is enough to resume, a weak ETag is not', async t => {
  const date = 'Wed, 01 Dec 2021 00:00:00 GMT'
  const dated = await setUp(t, (request, response, count) =>
    sendFile(request, response, FILE, { etag: date, headers: { etag: 'W/"1"', 'last-modified': date }, ...(count === 0 && { cutAfter: 150_000 }) }))
  await dated.run()
  t.ok(await dated.isComplete())
  t.strictSame(dated.requests.map(({ headers }) => headers['if-range']), [undefined, date])
  const weak = await setUp(t, (request, response, count) =>
    sendFile(request, response, FILE, { headers: { etag: 'W/"1"' }, ...(count === 0 && { cutAfter: 150_000 }) }))
  await weak.run()
  t.ok(await weak.isComplete())
  t.strictSame(weak.requests.map(({ headers }) => headers.range), [undefined, undefined])
})

t.test('a file that has changed, or a server without ranges, starts anew', async t => {
  const changed = await setUp(t, (request, response, count) =>
    count === 0 ? sendFile(request, response, Buffer.alloc(FILE.length), { etag: '"0"', cutAfter: 150_000 }) : sendFile(request, response, FILE))
  await changed.run()
  t.ok(await changed.isComplete())
  const plain = await setUp(t, (request, response, count) =>
    sendFile(request, response, FILE, { ranges: false, ...(count === 0 && { cutAfter: 150_000 }) }))
  await plain.run()
  t.ok(await plain.isComplete())
})

t.test('ranges that do not fit are dropped', async t => {
  const replies: Array<[number, Record<string, string>]> = [
    [206, { 'content-range': `bytes 7-${FILE.length - 1}/${FILE.length}` }],
    [206, { 'content-range': `bytes 150000-${FILE.length}/${FILE.length + 1}` }],
    [206, {}],
    [416, { 'content-range': `bytes */${FILE.length}` }]
  ]
  for (const [status, headers] of replies) {
    const { run, isComplete, retries } = await setUp(t, (request, response, count) => {
      if (count === 1) response.writeHead(status, headers).end('wrong')
      else sendFile(request, response, FILE, count === 0 ? { cutAfter: 150_000 } : {})
    })
    await run()
    t.ok(await isComplete(), `${status} ${JSON.stringify(headers)}`)
    t.match(retries[1], /the server can't continue the download/)
  }
})

t.test('a server that always cuts is given up, unless data arrives', async t => {
  const { run, requests } = await setUp(t, (request, response) => sendFile(request, response, FILE, { cutAfter: 1000 }))
  await t.rejects(run(), { name: 'DownloadError', mayRecover: true })
  t.equal(requests.length, 4)
  const slow = await setUp(t, (request, response) => sendFile(request, response, FILE, { cutAfter: 150_000 }), { retries: 1 })
  await slow.run()
  t.ok(await slow.isComplete())
})

t.test('a body shorter than announced is not complete', async t => {
  const { run } = await setUp(t, (_, response) => {
    response.socket!.end(`HTTP/1.1 200 OK\r\ncontent-length: ${FILE.length}\r\n\r\nabc`)
  }, { retries: 0 })
  await t.rejects(run(), { name: 'DownloadError', mayRecover: true })
})

t.test('stalled connections are given up, before the reply and within it', async t => {
  const silent = await setUp(t, () => {}, { timeout: 50, retries: 1 })
  await t.rejects(silent.run(), { message: `${silent.url}: no data for 0.05 s` })
  t.equal(silent.requests.length, 2)
  const stalled = await setUp(t, (_, response) => { response.writeHead(200, { 'content-length': '10' }).write('abc') }, { timeout: 50, retries: 0 })
  await t.rejects(stalled.run(), { message: /no data for/ })
  const html = { 'content-type': 'text/html' }
  const page = await setUp(t, (_, response) => { response.writeHead(200, html).write('<html>') }, { timeout: 50, retries: 0 })
  await t.rejects(page.run(), { message: /no data for/ })
})

t.test('too large files are refused, announced or not, and leave nothing', async t => {
  for (const headers of [{ 'content-length': String(FILE.length) }, {}]) {
    const { url, run, partial, requests } = await setUp(t, (_, response) => response.writeHead(200, headers).end(FILE), { maxSize: 1e5 })
    await t.rejects(run(), { message: `${url}: larger than the limit of 100.0 kB; --max-size raises it` })
    t.strictSame([requests.length, await partial.size()], [1, 0])
  }
})

t.test('statuses: another try for what may recover', async t => {
  for (const [status, tries, message] of [[404, 1, 'HTTP 404 Not Found'], [403, 1, 'HTTP 403 Forbidden'], [429, 4, 'HTTP 429 Too Many Requests'],
    [500, 4, 'HTTP 500 Internal Server Error'], [503, 4, 'HTTP 503 Service Unavailable'], [599, 1, 'HTTP 599'], [204, 1, 'HTTP 204 No Content']] as const) {
    const { url, run, requests } = await setUp(t, (_, response) => response.writeHead(status).end())
    await t.rejects(run(), { name: 'DownloadError', message: `${url}: ${message}` })
    t.equal(requests.length, tries, message)
  }
})

t.test('Retry-After is respected', async t => {
  const { run, isComplete, requests } = await setUp(t, (request, response, count) =>
    count < 2 ? response.writeHead(503, { 'retry-after': count === 0 ? '1' : 'Wed, 01 Dec 2021 00:00:00 GMT' }).end() : sendFile(request, response, FILE))
  const start = performance.now()
  await run()
  t.ok(performance.now() - start > 990)
  t.ok(await isComplete())
  t.equal(requests.length, 3)
})

t.test('a compressed body that nobody requested is refused', async t => {
  const { url, run, requests } = await setUp(t, (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('…'))
  await t.rejects(run(), { message: `${url}: content encoding gzip, which was not requested` })
  t.equal(requests[0]!.headers['accept-encoding'], 'identity')
})

t.test('Drive\'s confirmation page is answered, also when a download is resumed', async t => {
  const form = '<form id="download-form" action="/download" method="get"><input name="id" value="x"><input name="confirm" value="t"><input name="uuid" value="u"></form>'
  const { run, isComplete, requests } = await setUp(t, (request, response, count) => {
    if (request.url!.startsWith('/uc')) response.writeHead(303, { location: '/page' }).end()
    else if (request.url!.startsWith('/page')) response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(`<html><title>Virus scan warning</title>${form}`)
    else sendFile(request, response, FILE, count < 4 ? { cutAfter: 150_000 } : {})
  })
  await run('/uc?export=download&id=x')
  t.ok(await isComplete())
  t.strictSame(requests.map(({ url }) => url!.split('?')[0]), ['/uc', '/page', '/download', '/uc', '/page', '/download'])
  t.equal(requests[5]!.url, '/download?id=x&confirm=t&uuid=u')
  t.match(requests[5]!.headers.range, /^bytes=1\d{5}-$/)
})

t.test('other pages are errors', async t => {
  const page = (html: string, status = 200) => setUp(t, (_, response) => response.writeHead(status, { 'content-type': 'text/html' }).end(html))
  const form = '<form id="download-form" action="/again"></form>'
  const cases: Array<[string, number, RegExp]> = [
    ['<title>Sign in</title>', 200, /: a web page instead of a checkpoint: Sign in$/],
    ['<title>Google Drive - Quota exceeded</title>', 200, /: Google Drive refuses it because of too many downloads/],
    ['<title>Not here</title>', 404, /: HTTP 404 Not Found, a web page instead of a checkpoint: Not here$/],
    [`<title>Again</title>${form}`, 200, /: a web page instead of a checkpoint: Again$/],
    [`<title>Long</title>${' '.repeat(3_000_000)}`, 200, /: Long$/]
  ]
  for (const [html, status, message] of cases) await t.rejects((await page(html, status)).run(), { name: 'DownloadError', message })
})

t.test('a server that is not there is not tried again', async t => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  const { options, partial, retries } = await setUp(t, () => {})
  for (const host of ['127.0.0.1', 'localhost']) {
    await t.rejects(download(new URL(`http://${host}:${port}/a`), partial, options), { message: new RegExp(`^http://${host}:${port}/a: .*ECONNREFUSED`) })
  }
  t.strictSame(retries, [])
})

t.test('a proxy that refuses is not tried again', async t => {
  const { url } = await startFileServer(t, () => {})
  const { options, partial, retries } = await setUp(t, () => {})
  const refusing = await startProxy(t, undefined, 403)
  const client = new HttpClient({ HTTP_PROXY: refusing.url })
  t.teardown(() => client.close())
  await t.rejects(download(new URL(url), partial, { ...options, client }), { message: /Proxy response \(403\)/ })
  t.strictSame(retries, [])
})

t.test('an abort ends it at once, and the partial file stays', async t => {
  const controller = new AbortController()
  const { run, partial } = await setUp(t, (_, response) => { response.writeHead(200, { 'content-length': '9', etag: '"1"' }).write('abc') }, {
    signal: controller.signal, onProgress: received => { if (received === 3) setTimeout(() => controller.abort(), 20) }
  })
  await t.rejects(run(), { name: 'AbortError' })
  t.equal(await partial.size(), 3)
  const waiting = new AbortController()
  const { run: fail } = await setUp(t, (_, response) => response.writeHead(500).end(), {
    signal: waiting.signal, delays: { first: 60_000, longest: 60_000 }, onRetry: () => setTimeout(() => waiting.abort(), 20)
  })
  await t.rejects(fail(), { name: 'AbortError' })
})

t.test('a file that can\'t be written ends it', async t => {
  const { options, requests, url } = await setUp(t, (request, response) => sendFile(request, response, FILE))
  const dir = t.testdir({ file: '' })
  await t.rejects(download(new URL(url), new PartialFile(`${dir}/file/a`), options), { name: 'CommandError', message: /file\/a: is a file, not a directory/ })
  t.equal(requests.length, 1)
})
