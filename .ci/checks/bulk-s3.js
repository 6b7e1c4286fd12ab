/**
 * Photos in a bucket, and results in a bucket, behind a proxy whose requests fail, stop and are cut: the lines are those of a folder's
 * photos. A photo whose requests always fail is the only one without a result. IMAGES=128 for all photos of coco128.
 */
import assert from 'node:assert/strict'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { S3Store } from '../../dist/bulk/outputs/s3-store.js'
import { gather } from '../../dist/test/support/gather.js'
import { startS3 } from '../../dist/test/support/s3-server.js'
import { nanodet } from '../bulk/nanodet.js'
import { RedisServer } from '../bulk/redis.js'

const IMAGES = Number(process.env.IMAGES ?? 24)
const SET = '../shared/coco128/images'
const root = mkdtempSync(join(tmpdir(), 'bulk-s3-'))
const photos = readdirSync(SET).sort().slice(0, IMAGES)
const broken = photos[3]
const server = await startS3(['photos', 'results'])
const s3 = { AWS_ENDPOINT_URL_S3: server.endpoint, AWS_ACCESS_KEY_ID: 'S3RVER', AWS_SECRET_ACCESS_KEY: 'S3RVER' }

try {
  mkdirSync(join(root, 'photos'))
  for (const name of photos) cpSync(join(SET, name), join(root, 'photos', name))
  await upload()
  const { code } = await nanodet(['detect', join(root, 'photos'), '--out', join(root, 'local'), '--quiet'])
  assert.equal(code, 0)
  const expected = lines(readFileSync(join(root, 'local/results.jsonl'), 'utf8'))
  await fromBucket(expected)
  await toBucket(expected)
} finally {
  await server.close()
  rmSync(root, { recursive: true })
}

async function upload () {
  const store = await S3Store.open('s3://photos', { endpoint: server.endpoint })
  for (const name of photos) await store.write(`a set/${name}`, readFileSync(join(SET, name)))
  await store.close()
}

/** Faults of a tenth of the photos, and one that always fails. */
function addFaults () {
  const faults = ['reset', 'truncate', 500, 'stall', 503]
  const chosen = photos.filter((name, i) => i % 10 === 0 || name === photos[1])
  server.faults.splice(0, Infinity, { match: new RegExp(`GET .*/${broken}`), kind: 500, times: Infinity })
  chosen.forEach((name, i) => server.faults.push({ match: new RegExp(`GET .*/${name}`), kind: faults[i % faults.length], times: 2 }))
  server.faults.push({ match: /list-type/, kind: 503, times: 1 })
}

async function fromBucket (expected) {
  addFaults()
  const out = join(root, 'from-bucket')
  const run = (...args) => nanodet(['detect', 's3://photos/a set/', '--out', out, '--quiet', ...args], s3)
  const { code, output } = await run()
  assert.equal(code, 3, output)
  const results = readFileSync(join(out, 'results.jsonl'), 'utf8')
  checkLines(lines(results), expected)
  assert.ok(!(output + results).includes('S3RVER'), 'contains a key')
  server.faults.length = 0
  const requests = server.requests.length
  assert.equal((await run('--retry-failed')).code, 0)
  assert.equal(server.requests.slice(requests).filter(line => line.includes('x-id=GetObject')).length, 1, 'only the one that failed is read')
  assert.deepEqual(lines(readFileSync(join(out, 'results.jsonl'), 'utf8')), expected)
  console.log(`bucket → folder: ${expected.size} photos`)
}

async function toBucket (expected) {
  mkdirSync(join(root, 'redis'))
  const redis = await RedisServer.start(join(root, 'redis'), 'secret')
  try {
    addFaults()
    server.faults.push({ match: /PUT \/results\//, kind: 503, times: 2 }, { match: /PUT \/results\/.*000/, kind: 'reset', times: 1 })
    const env = { ...s3, REDIS_URL: redis.url }
    const plan = await nanodet(['bulk', 'plan', 's3://photos/a set/', '--out', 's3://results/run', '--queue', 's3', '--shard-size', 10], env)
    assert.equal(plan.code, 0, plan.output)
    const work = await nanodet(['bulk', 'work', '--queue', 's3', '--drain', '--workers', 1], env)
    const store = await S3Store.open('s3://results/run', { endpoint: server.endpoint })
    const results = Buffer.concat(await gather(store.read('results.jsonl'))).toString()
    await store.close()
    checkLines(lines(results), expected)
    assert.ok(!(plan.output + work.output + results).includes('S3RVER'), 'contains a key')
    console.log(`bucket → queue → bucket: ${expected.size} photos`)
  } finally {
    await redis.end()
  }
}

function checkLines (found, expected) {
  assert.equal(found.size, expected.size)
  for (const [name, line] of expected) {
    if (name === broken) assert.equal(found.get(name).error.code, 'UNREADABLE')
    else assert.deepEqual(found.get(name), line, name)
  }
}

/** Lines by the last part of their names, without what differs between places and runs. */
function lines (text) {
  const all = text.trim().split('\n').map(line => JSON.parse(line))
  assert.equal(new Set(all.map(({ file }) => file)).size, all.length, 'a photo has two lines')
  return new Map(all.map(({ file, stamp, inferenceMs, duration, times, timing, ...line }) => [file.split('/').pop(), line])
    .sort(([a], [b]) => a < b ? -1 : 1))
}
