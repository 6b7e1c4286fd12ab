/** The server's process and its workers, under load: what happens to a worker costs one request, and nobody else. */
import { readFile } from 'node:fs/promises'
import t, { type Test } from 'tap'
import { readTree } from '../cli/load/process-tree.ts'
import { startServer } from '../cli/load/server-process.ts'
import { photo } from './support/files.ts'
import { isAlive, until } from './support/versions.ts'

const JOB_TIMEOUT = 1500
const ROUNDS = 20
const CLIENTS = 8
const SIGNALS = ['SIGSEGV', 'SIGKILL', 'SIGSTOP'] as const
const body = new Uint8Array(photo('sample-me.jpg'))

interface Answer { readonly status: number, readonly code?: string, readonly detections?: unknown[], readonly ms: number }

async function start (t: Test, env: Record<string, string> = {}) {
  const server = await startServer({ WORKERS: '2', JOB_TIMEOUT: String(JOB_TIMEOUT), REQUEST_TIMEOUT: '30000', MAX_QUEUE_WAIT: '0', ...env })
  t.teardown(() => server.kill('SIGKILL'))
  const detect = async (): Promise<Answer> => {
    const before = performance.now()
    const response = await fetch(`${server.base}/detect`, { method: 'POST', body, headers: { 'content-type': 'image/jpeg' } })
    return { status: response.status, ...await response.json() as object, ms: performance.now() - before }
  }
  const gauge = async (name: string): Promise<number> => {
    const metrics = await (await fetch(`${server.base}/metrics`)).text()
    return Number(new RegExp(`^${name.replace(/[{}]/g, '\\$&')} (.+)$`, 'm').exec(metrics)![1])
  }
  const children = async (): Promise<number[]> => (await readTree(server.pid))!.pids.filter(pid => pid !== server.pid)
  return { server, detect, gauge, children }
}

t.test('a worker that crashes, is killed or is stopped costs one request, and is replaced', { timeout: 240_000 }, async t => {
  const { server, detect, gauge, children } = await start(t)
  let round = -1
  const over = new AbortController()
  const failures: Array<Answer & { readonly round: number }> = []
  const clients = Array.from({ length: CLIENTS }, async () => {
    while (!over.signal.aborted) {
      const answer = await detect()
      if (answer.status !== 200) failures.push({ ...answer, round })
      else if (answer.detections!.length !== 2) t.fail(`a wrong answer: ${JSON.stringify(answer)}`)
    }
  })
  for (round = 0; round < ROUNDS; round++) {
    const signal = SIGNALS[round % SIGNALS.length]!
    const crashes = await gauge('nanodet_worker_crashes_total')
    const worker = (await workersOf(children))[round % 2]!
    process.kill(worker, signal)
    await until(async () => await gauge('nanodet_worker_crashes_total') > crashes, signal === 'SIGSTOP' ? JOB_TIMEOUT / 1000 + 5 : 5)
    const recovery = await until(async () => await gauge('nanodet_workers') === 2)
    t.comment(`${signal}: whole again after ${recovery.toFixed(0)} ms`)
  }
  over.abort()
  await Promise.all(clients)
  for (let i = 0; i < ROUNDS; i++) {
    const own = failures.filter(({ round }) => round === i)
    t.ok(own.length <= 1, `${SIGNALS[i % SIGNALS.length]}: ${own.length} requests failed`)
    for (const { status, code } of own) t.same({ status, code }, { status: 500, code: 'INFERENCE_FAILED' })
  }
  t.equal(await gauge('nanodet_worker_crashes_total'), ROUNDS)
  server.kill('SIGTERM')
  t.equal(await server.exited, 0)
})

t.test('in batches, each photo has its own reply, error and times; a worker that dies fails one batch', { timeout: 120_000 }, async t => {
  const { server, detect, gauge, children } = await start(t, { WORKERS: '1', MAX_BATCH: '8' })
  const post = async (image: Uint8Array<ArrayBuffer>, signal?: AbortSignal) => {
    const response = await fetch(`${server.base}/detect`, { method: 'POST', body: image, ...(signal && { signal }), headers: { 'content-type': 'image/jpeg' } })
    return await response.json() as { code?: string, detections?: unknown[], image?: unknown, times?: { inference: number } }
  }
  const photos = ['sample-me.jpg', 'sample1.jpg', 'human-sample-body.jpg'].map(name => new Uint8Array(photo(name)))
  const outcome = ({ code, detections, image }: Awaited<ReturnType<typeof post>>) => ({ code, detections, image })
  const alone: unknown[] = []
  for (const image of photos) alone.push(outcome(await post(image)))
  const leaving = new AbortController()
  const damaged = body.slice(0, 9000)
  const replies = Array.from({ length: 40 }, async (_, i) => {
    if (i % 5 === 4) t.equal((await post(damaged)).code, 'CORRUPT_IMAGE', `${i}`)
    else if (i % 5 === 3) await t.rejects(post(body, leaving.signal), { name: 'AbortError' }, `${i}`)
    else t.same(outcome(await post(photos[i % 3]!)), alone[i % 3], `${i}: as alone, to the bit`)
  })
  setTimeout(() => leaving.abort(), 100)
  await Promise.all(replies)
  const labels = '{task="detect",model="nanodet-m-416"}'
  const [sum, count] = [await gauge(`nanodet_batch_size_sum${labels}`), await gauge(`nanodet_batch_size_count${labels}`)]
  t.ok(count >= 27 && sum / count > 2, `${count} images, in batches of ${(sum / count).toFixed(1)} on average`)

  const busy = Array.from({ length: 20 }, detect)
  await until(async () => await gauge('nanodet_queue_depth') > 0)
  process.kill((await workersOf(children))[0]!, 'SIGKILL')
  const failed = (await Promise.all(busy)).filter(({ status }) => status !== 200)
  t.ok(failed.length >= 1 && failed.length <= 8, `${failed.length} requests failed`)
  for (const { code } of failed) t.equal(code, 'INFERENCE_FAILED')
})

t.test('when the server is killed, its processes end', async t => {
  const { server, detect, children } = await start(t)
  const pids = await children()
  t.ok(pids.length >= 2)
  const busy = Array.from({ length: 4 }, () => detect().catch(() => {}))
  await new Promise(resolve => setTimeout(resolve, 20))
  server.kill('SIGKILL')
  await server.exited
  t.ok(await until(() => !pids.some(isAlive)) < 1000)
  await Promise.all(busy)
})

t.test('workers have no keys in their environment', async t => {
  const { children } = await start(t, { API_KEYS: '', ADMIN_KEYS: 'top-secret' })
  for (const pid of await workersOf(children)) t.notMatch(await environmentOf(pid), /top-secret|API_KEYS|ADMIN_KEYS/)
})

/** The loader comes and goes; a worker is a process that says so in its command line. */
async function workersOf (children: () => Promise<number[]>): Promise<number[]> {
  const lines = await Promise.all((await children()).map(async pid => ({ pid, line: await readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => '') })))
  return lines.filter(({ line }) => line.includes('worker.js')).map(({ pid }) => pid)
}

async function environmentOf (pid: number): Promise<string> {
  return await readFile(`/proc/${pid}/environ`, 'latin1')
}
