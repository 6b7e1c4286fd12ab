import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import sharp from 'sharp'
import t, { type Test } from 'tap'
import { loadStateDict } from '../../models/weights.ts'
import { VERSION } from '../../server/version.ts'
import { photo } from '../support/files.ts'
import { CLASSIFIER_JSON, safetensorsFile, seededClassifier, SMALL_CLASSIFIER, torchFile } from '../support/model-files.ts'
import { MODEL } from '../support/server.ts'
import { spawnServer } from '../support/server-process.ts'
import { upstreamYaml } from '../support/upstream-yaml.ts'

const REPLACED = /^worker \d+ (ended and )?is replaced: /

t.test('own models: used, fixed, loaded and unloaded', async t => {
  const checkpoint = torchFile(await loadStateDict(MODEL))
  const yaml = upstreamYaml(MODEL, file => { file['colour'] = 'blue' })
  const folder = t.testdir({ 'good.yml': yaml, 'good.pth': checkpoint, 'bad.yml': yaml.replace('PAN', 'BiFPN'), 'bad.pth': checkpoint })
  const { url, logged } = spawnServer(t, { MODELS_DIR: folder, ADMIN_KEYS: 'root', DEFAULT_MODEL: 'good', MAX_LOADED_MODELS: '2', REQUEST_TIMEOUT: '60000' })
  const base = await url()
  t.match(await logged(/can't be loaded/), { level: 50, model: 'bad', reason: /fpn\.name: BiFPN is not supported/ })
  t.same((await logged(/^ready$/))['models'], ['nanodet-m-416', 'good'])
  const ask = async (path: string, body?: Buffer) => (await fetch(base + path, {
    ...body && { method: 'POST', body: new Uint8Array(body), headers: body.length > 0 ? { 'content-type': 'image/jpeg' } : { 'x-api-key': 'root' } }
  })).json() as Promise<Record<string, any>>
  const detect = (query = '') => ask(`/detect${query}`, photo('sample-me.jpg'))
  const act = (path: string) => ask(`/models/${path}`, Buffer.alloc(0))
  const states = async () => (await ask('/models'))['models'].map(({ name, state }: { name: string, state: string }) => `${name} ${state}`).sort()

  t.match(await ask('/models/good'), { state: 'ready', default: true, ignored_keys: ['colour'], backbone: 'shufflenetv2 1.0x' })
  const builtIn = await detect('?model=nanodet-m-416')
  const { model, detections } = await detect()
  t.equal(model, 'good', 'the default')
  t.same(detections, builtIn['detections'])
  const problem = 'bad: model.arch.fpn.name: BiFPN is not supported; supported: FPN, PAN, GhostPAN, TAN. ' +
    'To serve any other network, export it to ONNX with NanoDet\'s tools/export_onnx.py and use the .onnx file'
  t.match(await ask('/models/bad'), { state: 'failed', problem })
  t.match(await detect('?model=bad'), { statusCode: 503, code: 'MODEL_UNAVAILABLE', message: `The model bad can't be loaded: ${problem}` })
  t.match(await act('bad/load'), { statusCode: 422, code: 'INVALID_MODEL', message: `The model bad can't be loaded: ${problem}` })

  await writeFile(join(folder, 'bad.yml'), yaml)
  t.match(await act('bad/load'), { state: 'ready', problem: undefined })
  t.same((await detect('?model=bad'))['detections'], detections)
  t.match(await logged(/^model unloaded$/), { model: 'nanodet-m-416' }, 'at most two: it was least recently used')
  t.match(await act('good/unload'), { state: 'unloaded', task: 'detect', ignored_keys: ['colour'] }, 'its description stays known')
  t.same(await states(), ['bad ready', 'good unloaded', 'nanodet-m-416 unloaded'])
  t.same((await detect('?model=good'))['detections'], detections, 'it is loaded again on request')
})

t.test('a setting that the machine does not allow is one error, before the port opens', async t => {
  const folder = t.testdir({ 'bad.yml': 'model: {}', 'bad.pth': 'no weights' })
  for (const [env, message, toStderr] of [
    [{ MODELS_DIR: '/nowhere/models' }, /^MODELS_DIR: "\/nowhere\/models" is invalid; expected a readable folder: no such file or directory$/, true],
    [{ HOST: 'no-such-host.invalid' }, /^HOST: "no-such-host\.invalid" is invalid; the name has no address/, true],
    [{ HOST: '192.0.2.1' }, /^HOST: "192\.0\.2\.1" is invalid; this machine does not have the address/, false],
    [{ DEFAULT_MODEL: 'yolo', MODELS_DIR: folder }, /^DEFAULT_MODEL: "yolo" is invalid; expected the name of a model: nanodet-m-416, bad$/, false],
    [{ PRELOAD: 'yolo' }, /^PRELOAD: "yolo" is invalid; expected the name of a model: nanodet-m-416$/, false]
  ] as const) {
    const server = spawnServer(t, env)
    t.same(await server.ended, [1, null])
    const lines = toStderr ? server.stderr.trimEnd().split('\n') : server.lines.filter(({ level }) => Number(level) >= 50).map(({ msg }) => String(msg))
    t.equal(lines.length, 1)
    t.match(lines[0], message)
    t.same(await server.remaining(1000), [])
  }
})

t.test('a worker that is killed or grows too large is replaced, and the log says why', async t => {
  const { server, base, post } = await ready(t)
  t.equal(await post(photo('sample-me.jpg')), 200)
  const size = Number(/^nanodet_worker_memory_bytes (\d+)$/m.exec(await (await fetch(`${base}/metrics`)).text())![1])
  while (server.children.length > 1) await sleep(20) // the loader ends when it has nothing to do
  process.kill(server.children[0]!, 'SIGKILL')
  t.match(await server.logged(REPLACED), { level: 50, worker: Number, reason: 'it was ended by SIGKILL' })
  t.equal(await post(photo('sample-me.jpg')), 200)

  const limited = await ready(t, { MAX_WORKER_MEMORY: String(size + 20e6) })
  t.equal(await limited.post(await sharp({ create: { width: 6000, height: 6000, channels: 3, background: 'gray' } }).jpeg().toBuffer()), 200)
  t.match(await limited.server.logged(REPLACED), { level: 40, worker: Number, reason: /^it grew to \d+ MiB$/ })
  t.equal(await limited.post(photo('sample-me.jpg')), 200)
})

async function ready (t: Test, env: Record<string, string> = {}) {
  const server = spawnServer(t, { REQUEST_TIMEOUT: '60000', ...env })
  const base = await server.url()
  await server.logged(/^ready$/)
  const post = async (image: Buffer) =>
    (await fetch(`${base}/detect`, { method: 'POST', body: new Uint8Array(image), headers: { 'content-type': 'image/jpeg' } })).status
  return { server, base, post }
}

t.test('the ready line has the version, the models and an address to open', async t => {
  const server = spawnServer(t, { LOG_LEVEL_NAMES: 'true' })
  const line = await server.logged(/^ready$/)
  const port = new URL(await server.url()).port
  t.equal(line['msg'], `nanodet-server ${VERSION}, nanodet-m-416 (fp32), 1 worker: open http://localhost:${port}`)
  t.match(line, { level: 'info', url: `http://localhost:${port}`, models: ['nanodet-m-416'], workers: 1, threads: 1 })
  const reply = await fetch(`${line['url']}/health/ready`)
  t.same([reply.status, reply.headers.get('x-nanodet-version'), (await reply.json() as { version: string }).version], [200, VERSION, VERSION])
})

t.test('SIGHUP rereads the models; WATCH_MODELS does so when files change', async t => {
  const classifier = safetensorsFile(seededClassifier(SMALL_CLASSIFIER).stateDict)
  const folder = t.testdir({})
  const add = async (name: string) => {
    await writeFile(join(folder, `${name}.safetensors`), classifier)
    await writeFile(join(folder, `${name}.json`), CLASSIFIER_JSON)
  }
  const server = spawnServer(t, { MODELS_DIR: folder })
  await server.logged(/^ready$/)
  await add('first')
  server.child.kill('SIGHUP')
  t.match(await server.logged(/^models reread$/), { level: 30, added: ['first'], changed: [], removed: [] })
  t.match(await server.logged(/^model loaded$/), { model: 'nanodet-m-416' })
  server.child.kill('SIGTERM')
  t.same(await server.ended, [0, null])

  const watching = spawnServer(t, { MODELS_DIR: folder, WATCH_MODELS: 'true' })
  await watching.logged(/^ready$/)
  await add('second')
  t.match(await watching.logged(/^models reread$/), { added: ['second'] })
  watching.child.kill('SIGTERM')
  t.same(await watching.ended, [0, null])
})

t.test('a folder that vanished is one line, and the models stay', async t => {
  const folder = t.testdir({ models: {} })
  const server = spawnServer(t, { MODELS_DIR: join(folder, 'models') })
  await server.logged(/^ready$/)
  await rm(join(folder, 'models'), { recursive: true })
  server.child.kill('SIGHUP')
  t.match(await server.logged(/^models can't be reread$/), { level: 50, reason: /no such file or directory/ })
  t.equal((await fetch(`${await server.url()}/health/ready`)).status, 200)
})

t.test('SIGHUP during the start rereads the models after it', async t => {
  const folder = t.testdir({})
  const server = spawnServer(t, { MODELS_DIR: folder })
  await server.logged(/listening/)
  server.child.kill('SIGHUP')
  await server.logged(/^ready$/)
  t.match(await server.logged(/^models reread$/), { level: 30, added: [], changed: [], removed: [] })
})
