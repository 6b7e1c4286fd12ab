/**
 * Many machines on one queue, in Debian's redis-server: with machines killed, stopped and ended, with Redis restarted and emptied, the
 * lines are those of nanodet detect. IMAGES=5000 for the full size; names of checks as arguments run only these.
 */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { RedisServer } from '../bulk/redis.js'
import { FolderStore } from '../../dist/bulk/outputs/folder-store.js'
import { Board } from '../../dist/bulk/queue/board.js'
import { connect } from '../../dist/bulk/queue/redis.js'
import { retryRun } from '../../dist/bulk/queue/retry-run.js'
import { ShardQueue } from '../../dist/bulk/queue/shard-queue.js'
import { Nanodet, nanodet, nanodetHere, said } from '../bulk/nanodet.js'

const IMAGES = Number(process.env.IMAGES ?? 100)
const SHARD = IMAGES > 1000 ? 100 : 20
/** Of the other queues: shards that take a second. */
const FEW = 40
const FEW_SHARD = 20
const PASSWORD = 'pass:word/77&x'
const root = mkdtempSync(join(tmpdir(), 'bulk-queue-'))
const photos = join(root, 'photos')
const LOCK = ['--lock-seconds', 4, '--workers', 1]

makePhotos(photos, IMAGES)
makePhotos(join(root, 'few'), FEW)
mkdirSync(join(root, 'redis'))
const redis = await RedisServer.start(join(root, 'redis'), PASSWORD)
const env = { REDIS_URL: redis.url }
const bulk = (...args) => nanodetHere(['bulk', ...args], env)
const work = (...args) => new Nanodet(['bulk', 'work', ...LOCK, ...args], env)
const status = async queue => JSON.parse((await bulk('status', '--queue', queue, '--json')).output)
const plan = async (queue, out, folder = join(root, 'few'), ...args) => {
  const size = folder === photos ? SHARD : FEW_SHARD
  const { code, output } = await bulk('plan', folder, '--out', join(root, out), '--queue', queue, '--shard-size', size, '--json', ...args)
  assert.equal(code, 0, output)
  return JSON.parse(output.split('\n')[0])
}
try {
  const checks = [
    machinesDie, handsBack, standsStill, refusesOtherWeights, losesItsOutput, redisIsEmptied, shardIsSetApart, wrongPassword, otherRuns,
    runIsReplaced
  ]
  const chosen = process.argv.slice(2)
  for (const check of checks.filter(({ name }) => chosen.length === 0 || chosen.includes(name))) {
    const start = performance.now()
    await check()
    console.log(`${check.name}: ${((performance.now() - start) / 1000).toFixed(1)} s`)
  }
  await noSecrets()
} finally {
  await redis.end()
  rmSync(root, { recursive: true })
}

/** Two machines; one is killed twice, Redis restarts once. */
async function machinesDie () {
  const { code } = await nanodet(['detect', photos, '--out', join(root, 'local'), '--workers', 2, '--quiet'])
  assert.ok(code === 3 || code === 0, `detect: ${code}`)
  const before = await redis.usedMemory()
  const { shards, added } = await plan('main', 'main', photos)
  assert.deepEqual([shards, added], [Math.ceil(IMAGES / SHARD), shards])
  const used = await redis.usedMemory() - before
  console.log(`Redis: ${Math.round(used / 1024)} KB for ${shards} shards, BullMQ's scripts and the connections`)
  assert.ok(used < 5000 * shards + 2 ** 20, `${used} bytes`)
  for (let i = 0; i < 2; i++) {
    const victim = work('--queue', 'main', '--drain')
    await victim.until(/is done/) // then it has the next
    await sleep(300 * (i + 1))
    victim.kill()
    await victim.ended
  }
  const hook = await listen()
  const args = ['--queue', 'main', '--drain', '--webhook', hook.url]
  const [steady, other] = [work(...args, '--port', 0), work(...args)]
  await steady.until(/is done/)
  await metricsOf(steady)
  await redis.stop()
  await sleep(1500)
  await redis.start()
  assert.deepEqual([await steady.ended, await other.ended], [0, 0], steady.output + other.output)
  assert.match(steady.output, /Redis is away.*\n(.*\n)*.*Redis is back/)
  assert.equal(steady.output.match(/Redis is away/g).length, 1)
  assert.match(steady.output + other.output, /back in the queue: its machine is gone/)
  const local = linesOf('local')
  assert.equal(local.length, IMAGES)
  assert.deepEqual(linesOf('main'), local)
  const found = JSON.parse((await nanodet(['bulk', 'status', '--queue', 'main', '--json'], env)).output)
  assert.equal(found.state, 'finished')
  assert.deepEqual([found.images.total, found.images.done + found.images.failed, found.shards.done], [IMAGES, IMAGES, shards])
  assert.deepEqual(found.images.by_code, countsOf(local))
  await hook.close()
  assert.equal(hook.bodies.length, 1)
  assert.equal(JSON.parse(hook.bodies[0]).images.total, IMAGES)
  const after = await redis.usedMemory() - before
  console.log(`Redis after the run: ${Math.round(after / 1024)} KB more than before`)
}

async function metricsOf (machine) {
  const address = /"address":"([^"]+)"/.exec(machine.output)[1]
  const metrics = await (await fetch(`${address}/metrics`)).text()
  assert.match(metrics, new RegExp(`^nanodet_bulk_images ${IMAGES}$`, 'm'))
  assert.match(metrics, /^nanodet_bulk_machines [1-9]/m)
  for (const kind of ['live', 'ready']) assert.equal((await fetch(`${address}/health/${kind}`)).status, 200)
}

/** SIGTERM: the shard is back at once, and the process ends with 0. A merge that fails is tried again. */
async function handsBack () {
  await plan('term', 'term', join(root, 'few'), '--format', 'csv')
  const first = work('--queue', 'term')
  await untilDone('term', 2)
  const start = performance.now()
  first.kill('SIGTERM')
  assert.equal(await first.ended, 0, first.output)
  assert.ok(performance.now() - start < 10_000)
  assert.match(first.output, /is handed back/)
  const { shards, machines } = await status('term')
  assert.deepEqual([shards.active, shards.waiting, machines.length], [0, 2, 0])
  mkdirSync(join(root, 'term/results.csv'))
  const second = work('--queue', 'term', '--drain')
  assert.equal(await second.ended, 1)
  assert.match(second.output, /The merge failed: .*results\.csv: is a directory, not a file; it is tried again/)
  rmSync(join(root, 'term/results.csv'), { recursive: true })
  assert.equal(await work('--queue', 'term', '--drain').ended, 0)
  assert.equal(linesOf('term').length, FEW)
  await addsAFormat()
}

/** To a finished run, which only merges again. */
async function addsAFormat () {
  const few = join(root, 'few')
  assert.equal((await plan('term', 'term', few, '--format', 'csv')).finished, true)
  const { added, finished } = await plan('term', 'term', few, '--format', 'csv,parquet')
  assert.deepEqual([added, finished], [0, false])
  assert.equal(await work('--queue', 'term', '--drain').ended, 0)
  assert.ok(existsSync(join(root, 'term/results.parquet')))
  assert.equal((await status('term')).state, 'finished')
}

/** Stopped for less than the lock: it goes on. For longer: another takes the shard, and there is one result. */
async function standsStill () {
  await plan('still', 'still')
  const first = work('--queue', 'still', '--drain')
  await untilDone('still', 2)
  first.kill('SIGSTOP')
  await sleep(1500)
  first.kill('SIGCONT')
  await untilDone('still', 6)
  first.kill('SIGSTOP')
  const other = work('--queue', 'still', '--drain')
  await other.until(/its machine is gone/)
  await other.until(/Shard \d is done/)
  first.kill('SIGCONT')
  assert.deepEqual([await first.ended, await other.ended], [0, 0], first.output + other.output)
  assert.equal(other.output.match(/its machine is gone/g).length, 1)
  assert.equal(linesOf('still').length, FEW)
  assert.equal((await status('still')).shards.done, 2)
}

async function refusesOtherWeights () {
  await plan('weights', 'weights')
  const run = JSON.parse(readFileSync(join(root, 'weights/run.json')))
  const { out } = JSON.parse(await redis.client.hget('nanodet:weights:run', 'run'))
  writeFileSync(join(out, 'run.json'), JSON.stringify({ ...run, spec: { ...run.spec, weights: 'f'.repeat(64) } }))
  const machine = work('--queue', 'weights')
  assert.equal(await machine.ended, 1)
  assert.match(machine.output, /this machine has other weights of nanodet-m-416/)
  const { shards } = await status('weights')
  assert.deepEqual([shards.waiting, shards.active, shards.set_apart], [2, 0, 0])
  assert.ok(!existsSync(join(out, 'shards/000000.jsonl')))
}

/** The folder of the results is not there on this machine; the manifest is gone. */
async function losesItsOutput () {
  await plan('gone', 'gone')
  renameSync(join(root, 'gone'), join(root, 'elsewhere'))
  const without = work('--queue', 'gone')
  assert.equal(await without.ended, 1)
  assert.match(without.output, /has no run\.json: is it the same folder on all machines\?/)
  renameSync(join(root, 'elsewhere'), join(root, 'gone'))
  renameSync(join(root, 'gone/manifest.jsonl'), join(root, 'kept'))
  const blind = work('--queue', 'gone')
  assert.equal(await blind.ended, 1)
  assert.match(blind.output, /manifest\.jsonl/)
  const { shards } = await status('gone')
  assert.deepEqual([shards.waiting + shards.active, shards.set_apart], [2, 0])
}

/** What is in the shards' files is not run again. What is lost, a retry runs. */
async function redisIsEmptied () {
  await plan('empty', 'empty')
  const first = work('--queue', 'empty')
  await first.until(/Shard 0 is done/)
  first.kill()
  await first.ended
  const { mtimeMs } = statSync(join(root, 'empty/shards/000000.jsonl'))
  await redis.client.flushall()
  const { added } = await plan('empty', 'empty')
  assert.equal(added, 2)
  assert.equal((await plan('empty', 'empty')).added, 2) // the same two: nothing doubled
  assert.equal((await status('empty')).shards.waiting, 2)
  await dropJob('empty', 1)
  const machine = work('--queue', 'empty')
  await machine.until(/The run is finished/)
  assert.equal((await status('empty')).images.by_code.NOT_PROCESSED, FEW_SHARD)
  const outputs = await Promise.all([retryRace('empty'), retryRace('empty')])
  assert.equal(outputs.filter(({ apart }) => apart === 1).length, 1)
  assert.equal(outputs.filter(problem => problem instanceof Error && /is not finished/.test(problem.message)).length, 1)
  await machine.until(/The run is finished[^]*The run is finished/)
  machine.kill('SIGTERM')
  assert.equal(await machine.ended, 0)
  assert.equal(statSync(join(root, 'empty/shards/000000.jsonl')).mtimeMs, mtimeMs)
  assert.equal(linesOf('empty').length, FEW)
  assert.equal((await plan('empty', 'empty')).finished, true)
}

/** As after a Redis that was killed before it wrote the job to its disk. */
async function dropJob (queue, shard) {
  const { id } = (await status(queue)).run
  const key = `bull:${queue}:${id}-${shard}`
  await redis.client.multi().del(key).lrem(`bull:${queue}:wait`, 0, `${id}-${shard}`).srem(`bull:${queue}:${id}-merge-1:dependencies`, key).exec()
}

/** Two at once see the same run. */
async function retryRace (name) {
  const connection = await connect(redis.url)
  const [queue, board] = [await ShardQueue.open(name, connection), new Board(connection, name)]
  const state = await board.read()
  const result = await retryRun({ queue, board, store: new FolderStore(state.run.out) }, state, false).catch(error => error)
  await queue.close()
  connection.disconnect()
  return result
}

/** Three machines die on one shard. */
async function shardIsSetApart () {
  await plan('apart', 'apart', join(root, 'few'), '--format', 'csv')
  for (let i = 0; i < 3; i++) {
    const victim = work('--queue', 'apart')
    await untilInWork('apart', 0)
    victim.kill()
    await victim.ended
  }
  const survivor = work('--queue', 'apart')
  await survivor.until(/The run is finished/)
  const found = await status('apart')
  assert.deepEqual([found.state, found.shards.set_apart, found.images.by_code.NOT_PROCESSED], ['finished', 1, FEW_SHARD])
  assert.equal(found.set_apart[0].reason, 'its machine died three times')
  assert.ok(found.set_apart[0].suspects.length > 0)
  assert.match(survivor.output, /shard 0 was set apart/)
  assert.equal(linesOf('apart').length, FEW)
  assert.ok(existsSync(join(root, 'apart/results.csv')))
  const { output } = await bulk('retry', '--queue', 'apart', '--skip-suspects')
  assert.match(output, /Added 1 shards without/)
  await survivor.until(/(The run is finished[^]*){2}/)
  const again = await status('apart')
  assert.deepEqual([again.state, again.shards.set_apart, again.images.by_code.NOT_PROCESSED], ['finished', 0, found.set_apart[0].suspects.length])
  await bulk('retry', '--queue', 'apart')
  await survivor.until(/(The run is finished[^]*){3}/)
  survivor.kill('SIGTERM')
  assert.equal(await survivor.ended, 0, survivor.output)
  const last = await status('apart')
  assert.deepEqual(last.images.by_code, countsOf(linesOf('apart')))
  assert.equal(last.images.by_code.NOT_PROCESSED, undefined)
}

async function wrongPassword () {
  for (const command of [['status'], ['work'], ['plan', photos, '--out', join(root, 'x')]]) {
    const { code, output } = await nanodetHere(['bulk', ...command], { REDIS_URL: redis.url.replace('77', '78') })
    assert.equal(code, 1)
    assert.match(output, /Redis at redis:\/\/127\.0\.0\.1:\d+: WRONGPASS/)
  }
  const { code, output } = await nanodetHere(['bulk', 'status'], { REDIS_URL: 'redis://127.0.0.1:1' })
  assert.deepEqual([code, /ECONNREFUSED/.test(output)], [1, true], output)
}

/** A queue has one run at a time, an output the results of one. */
async function otherRuns () {
  await plan('one', 'one')
  const few = join(root, 'few')
  const second = await bulk('plan', few, '--out', join(root, 'two'), '--queue', 'one')
  assert.deepEqual([second.code, /has an unfinished run into/.test(second.output)], [1, true], second.output)
  const other = await bulk('plan', few, '--out', join(root, 'one'), '--queue', 'two', '--score-threshold', '0.9')
  assert.deepEqual([other.code, /another model or of other options/.test(other.output)], [1, true], other.output)
  assert.equal((await plan('one', 'two', few, '--replace')).added, 2)
}

/** A machine that stands still meanwhile writes nothing into the new run, and counts nothing. */
async function runIsReplaced () {
  await plan('other', 'other')
  const late = work('--queue', 'other', '--drain')
  await untilDone('other', 2)
  late.kill('SIGSTOP')
  await plan('other', 'other', join(root, 'few'), '--replace', '--overwrite', '--score-threshold', '0.7')
  assert.equal(await work('--queue', 'other', '--drain').ended, 0)
  late.kill('SIGCONT')
  assert.equal(await late.ended, 0, late.output)
  assert.match(late.output, /Shard \d is dropped: its run was replaced/)
  for (const shard of [0, 1]) assert.doesNotMatch(readFileSync(join(root, `other/shards/00000${shard}.jsonl`), 'utf8'), /"score":0\.[0-6]/)
  const { state, images, shards } = await status('other')
  assert.deepEqual([state, images.done + images.failed, shards.done], ['finished', FEW, 2])
}

async function noSecrets () {
  const kept = await redis.dump()
  assert.ok(kept.includes('nanodet:'))
  for (const text of [said.join(''), kept]) {
    for (const secret of [PASSWORD, encodeURIComponent(PASSWORD), 'pass:word']) assert.ok(!text.includes(secret), 'the password of Redis is shown')
  }
}

/** Until a machine of the queue has finished some images of its shard. */
async function untilDone (queue, count) {
  for (;;) {
    const done = await progressOf(queue)
    if (done.some(progress => progress.done >= count)) return
    await sleep(50)
  }
}

/** Until a shard has images in work, as its job states. */
async function untilInWork (queue, shard) {
  const [key] = await redis.client.keys(`bull:${queue}:*-${shard}`)
  const deaths = JSON.parse(await redis.client.hget(key, 'progress') ?? '{}').deaths?.length ?? -1
  for (;;) {
    const progress = JSON.parse(await redis.client.hget(key, 'progress') ?? '{}')
    if (progress.inWork?.length > 0 && progress.deaths.length > deaths) return
    await sleep(20)
  }
}

async function progressOf (queue) {
  const jobs = await redis.client.lrange(`bull:${queue}:active`, 0, -1)
  const found = await Promise.all(jobs.map(id => redis.client.hget(`bull:${queue}:${id}`, 'progress')))
  return found.filter(text => text?.startsWith('{')).map(text => JSON.parse(text))
}

/** The lines of a run without their times, sorted. */
function linesOf (out) {
  const lines = readFileSync(join(root, out, 'results.jsonl'), 'utf8').trimEnd().split('\n').map(line => JSON.parse(line))
  const failed = readFileSync(join(root, out, 'failed.jsonl'), 'utf8').split('\n').length - 1
  assert.equal(failed, lines.filter(({ error }) => error).length)
  assert.equal(new Set(lines.map(({ file }) => file)).size, lines.length)
  for (const line of lines) delete line.timing
  return lines.sort((a, b) => a.file < b.file ? -1 : 1)
}

function countsOf (lines) {
  const counts = {}
  for (const { error } of lines) if (error) counts[error.code] = (counts[error.code] ?? 0) + 1
  return counts
}

/** Real photos under other names, with a comment of their own; every hundredth is broken. */
function makePhotos (folder, count) {
  mkdirSync(folder, { recursive: true })
  const source = resolve('../shared/coco128/images')
  const files = readdirSync(source).filter(name => name.endsWith('.jpg')).map(name => readFileSync(join(source, name)))
  for (let i = 0; i < count; i++) {
    const bytes = files[i % files.length]
    const comment = Buffer.from(`photo ${i}`)
    const segment = Buffer.concat([Buffer.from([0xff, 0xfe, 0, comment.length + 2]), comment])
    const whole = Buffer.concat([bytes.subarray(0, 2), segment, bytes.subarray(2)])
    const broken = [whole.subarray(0, 300), Buffer.alloc(0), Buffer.from('no photo')][i / 100 % 3]
    writeFileSync(join(folder, `photo-${String(i).padStart(6, '0')}.jpg`), i % 100 === 0 ? broken : whole)
  }
}

async function listen () {
  const bodies = []
  const server = createServer(async (request, reply) => {
    let body = ''
    for await (const chunk of request) body += chunk
    bodies.push(body)
    reply.writeHead(204).end()
  }).listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  return { bodies, url: `http://127.0.0.1:${server.address().port}/key-in-path`, close: () => new Promise(resolve => server.close(resolve)) }
}
