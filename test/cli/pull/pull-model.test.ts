import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pathToFileURL } from 'node:url'
import t, { type Test } from 'tap'
import { HttpClient } from '../../../cli/pull/http-client.ts'
import { readModelsLock, sha256Of } from '../../../cli/pull/models-lock.ts'
import { pullModel, type PullOptions } from '../../../cli/pull/pull-model.ts'
import { builtInCalibration, readCalibration } from '../../../models/calibration-table.ts'
import { loadCheckpoint } from '../../../models/load-checkpoint.ts'
import { REGISTRY } from '../../../models/registry.ts'
import { sendFile, startFileServer, type Handler } from '../../support/file-server.ts'
import { safetensorsFile, seededModel, torchFile } from '../../support/model-files.ts'

const CONFIG = REGISTRY.get('nanodet-m-0.5x')!
const { stateDict } = seededModel(CONFIG)
const CHECKPOINT = torchFile(stateDict)
const OTHER = safetensorsFile(stateDict)
const FILES = ['models.lock.json', 'nanodet-m-0.5x.ckpt']

async function setUp (t: Test, handler: Handler, more: Partial<PullOptions> = {}) {
  const { url, requests } = await startFileServer(t, handler)
  const client = new HttpClient({})
  t.teardown(() => client.close())
  const dir = `${t.testdir({})}/models`
  const seen: string[] = []
  const options: PullOptions = {
    config: CONFIG,
    published: [new URL(`${url}/a.ckpt`)],
    dir,
    update: false,
    client,
    maxSize: 1e7,
    timeout: 5000,
    retries: 2,
    delays: { first: 1, longest: 2 },
    signal: new AbortController().signal,
    onSource: (model, source) => seen.push(`${model} ${source}`),
    onNextSource: problem => seen.push(problem),
    onProgress: () => {},
    onRetry: () => {},
    ...more
  }
  const pull = (changes: Partial<PullOptions> = {}) => pullModel({ ...options, ...changes })
  return { url, requests, dir, target: `${dir}/nanodet-m-0.5x.ckpt`, seen, pull, options }
}

const sends = (bytes: Buffer): Handler => (request, response) => sendFile(request, response, bytes)

t.test('a checkpoint is stored under the model\'s name, with its hash', async t => {
  const { url, dir, target, seen, pull } = await setUp(t, sends(CHECKPOINT))
  const pulled = await pull()
  t.match(pulled, { model: 'nanodet-m-0.5x', status: 'pulled', file: 'nanodet-m-0.5x.ckpt', bytes: CHECKPOINT.length, source: `${url}/a.ckpt` })
  t.equal(pulled.sha256, await sha256Of(target))
  t.strictSame((await readdir(dir)).sort(), FILES)
  t.equal((await loadCheckpoint(target, CONFIG)).parameters.size, stateDict.parameters.size)
  t.strictSame(seen, [`nanodet-m-0.5x ${url}/a.ckpt`])
})

t.test('with a published checkpoint comes its calibration table, if there is one, unless the folder has another', async t => {
  const config = REGISTRY.get('nanodet-plus-m-320')!
  const bytes = torchFile(seededModel(config).stateDict)
  const { url, dir, pull } = await setUp(t, sends(bytes), { config, maxSize: 1e8 })
  const table = `${dir}/nanodet-plus-m-320.calibration.json`
  await pull({ from: new URL(`${url}/mirror.ckpt`) })
  await t.rejects(readFile(table), { code: 'ENOENT' }, 'the weights may be others')
  await pull({ update: true })
  t.same(await readCalibration(table), await readCalibration(builtInCalibration(config)!))
  await writeFile(table, '{}')
  await pull({ update: true })
  t.equal(await readFile(table, 'utf8'), '{}')
})

t.test('pulled again, it is up to date without a request', async t => {
  const { requests, pull } = await setUp(t, sends(CHECKPOINT))
  const { status, ...first } = await pull()
  t.strictSame(await pull(), { ...first, status: 'up to date' })
  t.equal(requests.length, 1)
})

t.test('a file that has changed, was not pulled or came from elsewhere is not touched without --update', async t => {
  const { url, target, pull } = await setUp(t, sends(CHECKPOINT))
  await pull()
  await t.rejects(pull({ from: new URL(`${url}/b`) }), { name: 'CommandError', message: `${target} was pulled from ${url}/a.ckpt; --update replaces it` })
  await writeFile(target, 'mine')
  await t.rejects(pull(), { message: new RegExp(`^${target} has changed since it was pulled: SHA-256 [0-9a-f]{64}, locked [0-9a-f]{64}; --update pulls`) })
  t.equal(await readFile(target, 'utf8'), 'mine')
  t.match(await pull({ update: true }), { status: 'pulled' })
  t.equal((await readFile(target)).compare(CHECKPOINT), 0)
})

t.test('a file without an entry in the lock file', async t => {
  const { dir, target, pull } = await setUp(t, sends(CHECKPOINT))
  await pull()
  await rm(`${dir}/models.lock.json`)
  await t.rejects(pull(), { message: `${target} was not pulled: move it away, or replace it with --update` })
  t.match(await pull({ update: true }), { status: 'pulled' })
})

t.test('a source that delivers another file than the locked one needs --update', async t => {
  let bytes = CHECKPOINT
  const { dir, target, pull } = await setUp(t, (request, response) => sendFile(request, response, bytes))
  await pull()
  await rm(target)
  bytes = OTHER
  await t.rejects(pull(), { name: 'CommandError', message: /: another file than the one that is locked: .*; --update accepts it$/ })
  t.strictSame(await readdir(dir), ['models.lock.json'])
  t.match(await pull({ update: true }), { status: 'pulled', bytes: OTHER.length })
  t.equal((await readModelsLock(dir)).get('nanodet-m-0.5x')!.bytes, OTHER.length)
})

t.test('a missing file is pulled again from the locked source first', async t => {
  const { url, target, requests, pull } = await setUp(t, sends(CHECKPOINT))
  await pull()
  await rm(target)
  t.match(await pull({ published: [new URL(`${url}/b`), new URL(`${url}/a.ckpt`)] }), { status: 'pulled' })
  await rm(target)
  t.match(await pull({ published: [new URL(`${url}/b`)] }), { status: 'pulled', source: `${url}/a.ckpt` })
  t.match(await pull({ published: [new URL(`${url}/b`)] }), { status: 'up to date' })
  t.match(await pull({ published: [new URL(`${url}/b`)], update: true }), { status: 'pulled', source: `${url}/b` })
  t.strictSame(requests.map(({ url }) => url), ['/a.ckpt', '/a.ckpt', '/a.ckpt', '/b'])
})

t.test('the next source is tried if one does not deliver', async t => {
  const { url, requests, dir, seen, pull } = await setUp(t, (request, response) => {
    if (request.url === '/gone') response.writeHead(404).end()
    else sendFile(request, response, request.url === '/page' ? Buffer.from('<!doctype html><title>Hello</title>') : CHECKPOINT)
  })
  const sources = ['/gone', '/page', '/a.ckpt'].map(path => new URL(path, url))
  t.match(await pull({ published: sources }), { source: `${url}/a.ckpt` })
  t.equal(requests.length, 3)
  t.strictSame(seen, [
    `nanodet-m-0.5x ${url}/gone`,
    `${url}/gone: HTTP 404 Not Found`,
    `nanodet-m-0.5x ${url}/page`,
    `${url}/page: a web page instead of a checkpoint: Hello`,
    `nanodet-m-0.5x ${url}/a.ckpt`
  ])
  await t.rejects(pull({ published: sources.slice(0, 2), update: true }), {
    message: 'nanodet-m-0.5x: all downloads failed; give another source with --from\n' +
      `  ${url}/gone: HTTP 404 Not Found\n  ${url}/page: a web page instead of a checkpoint: Hello`
  })
  t.strictSame((await readdir(dir)).sort(), FILES, 'what is there stays')
})

t.test('what is not the model\'s checkpoint leaves nothing', async t => {
  for (const bytes of [CHECKPOINT.subarray(0, CHECKPOINT.length / 2), torchFile(seededModel(REGISTRY.get('nanodet-m')!).stateDict)]) {
    const { dir, pull } = await setUp(t, sends(Buffer.from(bytes)))
    await t.rejects(pull(), { message: /: not a checkpoint of nanodet-m-0\.5x: / })
    t.strictSame(await readdir(dir), [])
  }
})

t.test('an interrupted pull leaves a partial file, which the next one completes', async t => {
  const { dir, requests, pull } = await setUp(t, (request, response, count) =>
    sendFile(request, response, CHECKPOINT, count === 0 ? { cutAfter: 500_000 } : {}))
  await t.rejects(pull({ retries: 0 }))
  t.strictSame((await readdir(dir)).sort(), ['.nanodet-m-0.5x.ckpt.partial', '.nanodet-m-0.5x.ckpt.partial.json'])
  t.match(await pull(), { status: 'pulled', bytes: CHECKPOINT.length })
  t.match(requests[1]!.headers.range, /^bytes=\d{6}-$/)
  t.strictSame((await readdir(dir)).sort(), FILES)
})

t.test('of two pulls of one model at the same time, one fails; of two models, none', async t => {
  const { dir, pull } = await setUp(t, (request, response) => { setTimeout(() => sendFile(request, response, CHECKPOINT), 50) })
  const [a, b] = await Promise.allSettled([pull(), pull()])
  t.strictSame([a.status, b.status].sort(), ['fulfilled', 'rejected'])
  t.match([a, b].find(({ status }) => status === 'rejected'), { reason: { message: /another nanodet models pull is running/ } })
  const config = { ...CONFIG, name: 'other' }
  await Promise.all([pull({ update: true }), pull({ config })])
  t.strictSame((await readdir(dir)).sort(), [...FILES, 'other.ckpt'])
  t.strictSame([...(await readModelsLock(dir)).keys()], ['nanodet-m-0.5x', 'other'])
})

t.test('files are copied, within the same limits', async t => {
  const { dir, pull } = await setUp(t, () => {})
  const folder = dirname(dir)
  await writeFile(`${folder}/mine.pth`, CHECKPOINT)
  await mkdir(`${folder}/folder`)
  const from = (name: string) => ({ from: pathToFileURL(`${folder}/${name}`) })
  await t.rejects(pull({ ...from('mine.pth'), maxSize: 1000 }), { message: /mine\.pth: larger than the limit of 1\.0 kB/ })
  await t.rejects(pull(from('none.pth')), { name: 'CommandError', message: `${folder}/none.pth: no such file or directory` })
  await t.rejects(pull(from('folder')), { name: 'CommandError', message: `${folder}/folder: is a directory, not a file` })
  const seen: Array<[number, number | undefined]> = []
  t.match(await pull({ ...from('mine.pth'), onProgress: (received, total) => seen.push([received, total]) }), { status: 'pulled', source: /^file:/ })
  t.strictSame(seen.at(-1), [CHECKPOINT.length, CHECKPOINT.length])
  t.strictSame((await readdir(dir)).sort(), FILES)
  t.match(await pull(from('mine.pth')), { status: 'up to date' })
})

t.test('a checkpoint of the same name in another format would be ambiguous', async t => {
  const { dir, pull } = await setUp(t, sends(CHECKPOINT))
  await pull()
  await writeFile(`${dir}/nanodet-m-0.5x.pth`, 'mine')
  await t.rejects(pull(), { name: 'CommandError', message: `${dir}/nanodet-m-0.5x.pth is a checkpoint for nanodet-m-0.5x, too: move it away first` })
})

t.test('a model without published checkpoints, and a folder that is a file', async t => {
  const { dir, pull } = await setUp(t, sends(CHECKPOINT))
  await t.rejects(pull({ published: [] }), { name: 'CommandError', message: /^nanodet-m-0\.5x: the authors published no checkpoint/ })
  await writeFile(`${dir}/file`, '')
  await t.rejects(pull({ dir: `${dir}/file` }), { name: 'CommandError', message: `${dir}/file: is a file, not a directory` })
})

t.test('a file without end is given up at the limit, and on a signal', async t => {
  const { dir, pull } = await setUp(t, sends(CHECKPOINT))
  const from = pathToFileURL('/dev/zero')
  await t.rejects(pull({ from, maxSize: 1e6 }), { message: /larger than the limit of 1\.0 MB/ })
  await t.rejects(pull({ from, maxSize: 1e9, signal: AbortSignal.timeout(100) }), { name: 'TimeoutError' })
  t.strictSame(await readdir(dir), [])
})
