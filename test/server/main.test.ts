import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { readModel } from '../../models/kinds/kinds.ts'
import { photo } from '../support/files.ts'
import { torchFile } from '../support/model-files.ts'
import { MODEL, SOURCE } from '../support/server.ts'
import { upstreamYaml } from '../support/upstream-yaml.ts'

const MAIN = fileURLToPath(new URL('../../server/main.js', import.meta.url))

function start (t: Test, env: Record<string, string>) {
  const child = spawn(process.execPath, [MAIN], { env: { ...process.env, ...env } })
  const lines: Array<Record<string, unknown>> = []
  let text = ''
  child.stdout.on('data', chunk => {
    const parts = (text + chunk).split('\n')
    text = parts.pop()!
    lines.push(...parts.map(line => JSON.parse(line)))
  })
  t.teardown(() => child.kill('SIGKILL'))
  const logged = async (message: RegExp): Promise<Record<string, unknown>> => {
    for (;;) {
      const line = lines.find(({ msg }) => message.test(String(msg)))
      if (line) return line
      await once(child.stdout, 'data')
    }
  }
  return { child, logged }
}

t.test('serves, and on SIGTERM answers what it has accepted before it exits', async t => {
  const { child, logged } = start(t, { PORT: '0', WORKERS: '1' })
  const { msg } = await logged(/listening/)
  const base = /http:\S+/.exec(String(msg))![0]
  await logged(/^ready$/)
  const post = async () => {
    const response = await fetch(`${base}/detect`, { method: 'POST', body: new Uint8Array(photo('sample1.jpg')), headers: { 'content-type': 'image/jpeg' } })
    return response.json() as Promise<{ detections: unknown[] }>
  }
  t.ok((await post()).detections.length > 0)
  const pending = [post(), post()]
  await new Promise(resolve => setTimeout(resolve, 30))
  child.kill('SIGTERM')
  for (const { detections } of await Promise.all(pending)) t.ok(detections.length > 0)
  t.same(await once(child, 'exit'), [0, null])
  await t.rejects(fetch(`${base}/health/live`))
})

t.test('a wrong configuration is one readable message, and no start', async t => {
  const { child } = start(t, { PORT: 'http' })
  let stderr = ''
  child.stderr.on('data', chunk => { stderr += chunk })
  t.same(await once(child, 'close'), [1, null])
  t.match(stderr, /^PORT: [^\n]+\n$/)
})

t.test('models of one\'s own: used, mended, loaded and unloaded', async t => {
  const checkpoint = torchFile((await readModel(SOURCE)).stateDict)
  const yaml = upstreamYaml(MODEL, file => { file['colour'] = 'blue' })
  const folder = t.testdir({ 'good.yml': yaml, 'good.pth': checkpoint, 'bad.yml': yaml.replace('PAN', 'BiFPN'), 'bad.pth': checkpoint })
  const { logged } = start(t, { PORT: '0', WORKERS: '1', MODELS_DIR: folder, ADMIN_KEYS: 'root', DEFAULT_MODEL: 'good', MAX_LOADED_MODELS: '2' })
  const base = /http:\S+/.exec(String((await logged(/listening/)).msg))![0]
  t.match(await logged(/can't be loaded/), { model: 'bad', reason: /fpn\.name: BiFPN is not possible/ })
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
  const problem = 'bad: model.arch.fpn.name: BiFPN is not possible; possible: FPN, GhostPAN, PAN, TAN'
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
    [{ DEFAULT_MODEL: 'yolo' }, 'DEFAULT_MODEL, PRELOAD: There is no model yolo; GET /models lists them']
  ] as const) {
    const { child, logged } = start(t, { PORT: '0', WORKERS: '1', ...env })
    const exit = once(child, 'exit')
    t.match(await logged(/nowhere|yolo/), { level: 60, msg, err: undefined })
    t.same(await exit, [1, null])
  }
})
