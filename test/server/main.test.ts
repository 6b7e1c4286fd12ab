import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { photo } from '../support/files.ts'
import { endsQuietly, LATEST_END, spawnServer, type ServerProcess } from '../support/server-process.ts'

const MOMENTS = 20
const SPAN = 2000

const post = async (url: string): Promise<{ detections: unknown[] }> => {
  const response = await fetch(`${url}/detect`, { method: 'POST', body: new Uint8Array(photo('sample1.jpg')), headers: { 'content-type': 'image/jpeg' } })
  return response.json() as Promise<{ detections: unknown[] }>
}

/** Requests in flight, including this one. */
const inFlight = async (url: string): Promise<number> =>
  Number(/^nanodet_http_requests_in_flight (\d+)$/m.exec(await (await fetch(`${url}/metrics`)).text())![1])

/** Sends photos. Resolves when the server has received them, or has answered one. */
async function postAtOnce (url: string, count: number): Promise<Array<ReturnType<typeof post>>> {
  const answers = Array.from({ length: count }, () => post(url))
  const answered = Promise.any(answers).then(() => count + 1)
  while (await Promise.race([answered, inFlight(url)]) <= count) await sleep(1)
  return answers
}

const errorsOf = ({ lines }: ServerProcess) => lines.filter(({ level }) => Number(level) >= 50)

t.test('on SIGTERM it answers accepted requests before it exits', async t => {
  const server = spawnServer(t)
  const url = await server.url()
  await server.logged(/^ready$/)
  t.ok((await post(url)).detections.length > 0)
  const pending = await postAtOnce(url, 3)
  server.child.kill('SIGTERM')
  for (const { detections } of await Promise.all(pending)) t.ok(detections.length > 0)
  t.same(await server.ended, [0, null])
  await t.rejects(fetch(`${url}/health/live`))
})

t.test('SIGTERM at any moment of the start is a quiet end', async t => {
  for (let i = 0; i < MOMENTS; i++) {
    const moment = i * SPAN / MOMENTS
    const server = spawnServer(t, {}, { bare: true })
    await endsQuietly(t, server, moment)
    t.same(errorsOf(server), [])
  }
})

t.test('SIGKILL, while models are loaded and while images are: no process is left', async t => {
  const loading = spawnServer(t, {}, { bare: true })
  await loading.url()
  const working = spawnServer(t, {}, { bare: true })
  const url = await working.url()
  await working.logged(/^ready$/)
  const pending = await postAtOnce(url, 3)
  for (const server of [loading, working]) {
    t.ok(server.children.length > 0)
    server.child.kill('SIGKILL')
    t.same(await server.ended, [null, 'SIGKILL'])
    t.same(await server.remaining(LATEST_END), [])
  }
  await Promise.allSettled(pending)
})

t.test('a port in use is one line, and no start', async t => {
  const first = spawnServer(t)
  const { port } = new URL(await first.url())
  const second = spawnServer(t, { PORT: port })
  t.same(await second.ended, [1, null])
  t.match(errorsOf(second), [{ level: 60, msg: `PORT: ${port} is in use on 127.0.0.1; stop the other program or set another PORT` }])
  t.equal(errorsOf(second).length, 1)
  t.equal(second.stderr, '')
  t.same(await second.remaining(LATEST_END), [])
})

t.test('invalid settings are one line each, and no start', async t => {
  const server = spawnServer(t, { PORT: 'http', API_KEYS: ',' })
  t.same(await server.ended, [1, null])
  t.match(server.stderr, /^PORT: "http" is invalid; [^\n]+\nAPI_KEYS: the value is invalid; [^\n]+\n$/)
  t.same(await server.remaining(LATEST_END), [])
})
