import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import sharp from 'sharp'
import t, { type Test } from 'tap'
import { loadStateDict } from '../../models/weights.ts'
import { photo } from '../support/files.ts'
import { torchFile } from '../support/model-files.ts'
import { MODEL } from '../support/server.ts'
import { spawnServer } from '../support/server-process.ts'
import { upstreamYaml } from '../support/upstream-yaml.ts'

const REPLACED = /^a worker ended and is replaced$/

t.test('models of one\'s own: used, mended, loaded and unloaded', async t => {
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
  t.match(await logged(/is unloaded/), { model: 'nanodet-m-416' }, 'two at the most: it was not asked for longest')
  t.match(await act('good/unload'), { state: 'unloaded', task: 'detect', ignored_keys: ['colour'] }, 'what it is stays known')
  t.same(await states(), ['bad ready', 'good unloaded', 'nanodet-m-416 unloaded'])
  t.same((await detect('?model=good'))['detections'], detections, 'it is loaded again when it is asked for')
})

t.test('where nothing can be served, a line says why', async t => {
  for (const [env, msg] of [
    [{ MODELS_DIR: '/nowhere/models' }, '/nowhere/models: no such file or directory'],
    [{ DEFAULT_MODEL: 'yolo' }, 'DEFAULT_MODEL, PRELOAD: There is no model yolo; GET /models lists the available models']
  ] as const) {
    const { logged, ended, remaining } = spawnServer(t, env)
    t.match(await logged(/nowhere|yolo/), { level: 60, msg, err: undefined })
    t.same(await ended, [1, null])
    t.same(await remaining(1000), [])
  }
})

t.test('a worker that is killed or grows too large is replaced, and the log says why', async t => {
  const { server, base, post } = await ready(t)
  t.equal(await post(photo('sample-me.jpg')), 200)
  const size = Number(/^detect_worker_memory_bytes (\d+)$/m.exec(await (await fetch(`${base}/metrics`)).text())![1])
  while (server.children.length > 1) await sleep(20) // the loader ends when it has nothing to do
  process.kill(server.children[0]!, 'SIGKILL')
  t.match(await server.logged(REPLACED), { level: 50, worker: Number, reason: 'it was ended by SIGKILL' })
  t.equal(await post(photo('sample-me.jpg')), 200)

  const limited = await ready(t, { MAX_WORKER_MEMORY: String(size + 20e6) })
  t.equal(await limited.post(await sharp({ create: { width: 6000, height: 6000, channels: 3, background: 'gray' } }).jpeg().toBuffer()), 200)
  t.match(await limited.server.logged(REPLACED), { level: 50, worker: Number, reason: /^it grew to \d+ MiB/ })
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

t.test('SageMaker\'s argument and port; no other argument', async t => {
  const sagemaker = spawnServer(t, { PORT: '1', SAGEMAKER_BIND_TO_PORT: '0' }, { args: ['serve'] })
  t.not(new URL(await sagemaker.url()).port, '1')
  const other = spawnServer(t, {}, { args: ['sevre'] })
  t.same(await other.ended, [1, null])
  t.equal(other.stderr, 'sevre: unknown argument; --help lists the environment variables\n')
})
