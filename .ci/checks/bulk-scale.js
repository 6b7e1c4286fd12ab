/**
 * Ten million images in one queue, in Debian's redis-server: how long planning, status and the jobs themselves take, and what Redis keeps.
 * The images are names only, and a shard's task does nothing. A tenth by default; IMAGES=10000000 for all.
 */
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { RedisServer } from '../bulk/redis.js'

const load = async path => await import(pathToFileURL(resolve('dist', path)).href)
const [
  { connect }, { ShardQueue }, { Board }, { planRun }, { readStatus }, { ShardWorker }, { FolderStore }, { runId }
] = await Promise.all([
  'bulk/queue/redis.js', 'bulk/queue/shard-queue.js', 'bulk/queue/board.js', 'bulk/queue/plan-run.js', 'bulk/queue/read-status.js',
  'bulk/queue/shard-worker.js', 'bulk/outputs/folder-store.js', 'bulk/queue/queued-run.js'
].map(load))

const IMAGES = Number(process.env.IMAGES ?? 1_000_000)
const SHARD = 1000
const SHARDS = Math.ceil(IMAGES / SHARD)
const ROOM = 2 // other checks run beside this one: planning counts CPU time
const median = values => values.sort((a, b) => a - b)[values.length >> 1]
const seconds = ms => `${(ms / 1000).toFixed(1)} s`
const mb = bytes => `${(bytes / 2 ** 20).toFixed(1)} MB`

const root = mkdtempSync(join(tmpdir(), 'bulk-scale-'))
mkdirSync(join(root, 'redis'))
const server = await RedisServer.start(join(root, 'redis'))
try {
  await check()
} finally {
  await server.end()
  rmSync(root, { recursive: true })
}

async function check () {
  const redis = await connect(server.url)
  const [queue, board] = [await ShardQueue.open('scale', redis), new Board(redis, 'scale')]
  const before = await server.usedMemory()
  const [planned, plan, planCpu] = await timed(() => planRun({ queue, board, store: new FolderStore(join(root, 'out')) }, optionsOf(join(root, 'out'))))
  assert.deepEqual([planned.queued.images, planned.added], [IMAGES, SHARDS])
  const waiting = await server.usedMemory() - before
  const asked = []
  for (let i = 0; i < 20; i++) asked.push(await timed(() => readStatus(queue, board)))
  const status = median(asked.map(([, time]) => time))
  const [again, planAgain] = await timed(() => planRun({ queue, board, store: new FolderStore(join(root, 'out')) }, optionsOf(join(root, 'out'))))
  assert.equal((await queue.jobs()).waiting, SHARDS + 1, `planned again: ${again.added}`) // with the merge
  const [, drain] = await timed(() => work(redis, queue, board))
  const [{ shards, images, state }] = await timed(() => readStatus(queue, board))
  assert.deepEqual([state, shards.done, images.done], ['finished', SHARDS, IMAGES])
  const after = await server.usedMemory() - before
  console.log(`${IMAGES} images, ${SHARDS} shards: plan ${seconds(plan)}, ${seconds(planCpu)} of CPU time (again ${seconds(planAgain)}), status ${status.toFixed(1)} ms, ` +
    `Redis ${mb(waiting)} (${Math.round(waiting / SHARDS)} bytes a shard), after the run ${mb(after)}; ` +
    `${SHARDS} empty shards by one machine: ${seconds(drain)} (${(drain / SHARDS).toFixed(1)} ms each)`)
  assert.ok(planCpu <= 60_000 * IMAGES / 10_000_000 + 5000, `plan: ${seconds(planCpu)} of CPU time`)
  assert.ok(waiting <= 50 * 2 ** 20 && waiting <= 5000 * SHARDS, `Redis: ${mb(waiting)}`)
  assert.ok(status <= ROOM * 100, `status: ${status} ms`)
  await queue.close()
  redis.disconnect()
}

function optionsOf (out) {
  const run = { key: 'scale', spec: { model: 'none' }, labels: [] }
  const queued = { id: runId(run.key, out), key: run.key, model: 'none', out, shardSize: SHARD, formats: [] }
  return { run, queued, items: names, overwrite: false, replace: false }
}

async function * names () {
  for (let i = 0; i < IMAGES; i++) yield { name: `s3://archive/2024/station-${i % 997}/photo-${String(i).padStart(8, '0')}.jpg`, stamp: 'd41d8cd98f00b204' }
}

/** A machine whose shards are done at once. */
async function work (redis, queue, board) {
  const events = Object.fromEntries(['onShard', 'onHandedBack', 'onStalled', 'onFailed', 'onSetApart', 'onProblem'].map(name => [name, () => {}]))
  const merged = { images: IMAGES, tally: {}, missing: 0, notes: [] }
  const machinery = { shard: async ({ count }) => ({ done: count }), merge: async () => merged, close: async () => {} }
  const worker = new ShardWorker({
    redis,
    queue,
    board,
    workers: 1,
    lockDuration: 60_000,
    prepare: async () => machinery,
    events: { ...events, onMerged: async () => {} },
    drain: true,
    signal: new AbortController().signal
  })
  await worker.run()
}

async function timed (run) {
  const [start, cpu] = [performance.now(), process.cpuUsage()]
  const result = await run()
  const { user, system } = process.cpuUsage(cpu)
  return [result, performance.now() - start, (user + system) / 1000]
}
