import t from 'tap'
import { summarize } from '../../../models/summary.ts'
import { CLASSIFIER_JSON, safetensorsFile, seededClassifier, SMALL_CLASSIFIER } from '../../support/model-files.ts'
import { opaqueGraph } from '../../support/opaque-graph.ts'
import { readModel } from '../../../models/kinds/kinds.ts'
import { ARTIFACT } from '../../support/built-in.ts'
import { MODEL, startApp } from '../../support/server.ts'

interface Time { readonly name: string, readonly ms: number }

const sum = (times: readonly Time[]): number => times.reduce((total, { ms }) => total + ms, 0)

t.test('the time of each layer, by the names of the summary', async t => {
  const { app, log } = await startApp(t, { PRECISION: 'int8', THREADS: '1' })
  const reply = await app.inject('/models/nanodet-m-416/profile?runs=2')
  t.equal(reply.statusCode, 200)
  const { layers, nodes, other_ms: other, total_ms: total, ...rest } = reply.json()
  t.match(rest, { model: 'nanodet-m-416', precision: 'int8', runs: 2, threads: 1, note: /blank picture on this machine/ })
  t.ok(total > 0)
  t.ok(Math.abs(sum(layers.filter(({ name }: Time) => !name.includes('.'))) + other - sum(nodes)) < 0.001)
  const names = new Set(layers.map(({ name }: Time) => name))
  for (const { name } of summarize(MODEL, false).layers.filter(({ name }) => name.split('.').length <= 2)) t.ok(names.has(name), name)
  t.match((await app.inject('/models/nanodet-m-416/profile')).json(), { runs: Number })
  t.match(log.filter(({ msg }) => msg === 'request'), [{ path: '/models/nanodet-m-416/profile', status: 200 }, {}])
})

t.test('what can\'t be profiled', async t => {
  const { app, engine } = await startApp(t, {
    MODELS_DIR: t.testdir({
      'kinds.json': CLASSIFIER_JSON,
      'kinds.safetensors': safetensorsFile(seededClassifier(SMALL_CLASSIFIER).stateDict),
      'graph.onnx': opaqueGraph(await readModel(ARTIFACT) as never)
    })
  })
  const get = async (path: string) => (await app.inject(`/models/${path}`)).json()
  t.match(await get('nanodet-m-416/profile?runs=51'), { statusCode: 400, code: 'INVALID_PARAMETER', message: /^runs: / })
  t.match(await get('nanodet-m-416/profile?run=1'), { code: 'INVALID_PARAMETER', message: /unknown parameter run; known are runs/ })
  t.match(await get('yolo/profile'), { statusCode: 404, code: 'MODEL_NOT_FOUND' })
  t.match(await get('kinds/profile'), { statusCode: 400, code: 'WRONG_TASK', message: /kinds does not support profile/ })
  t.equal(engine.pools.inspection.workers.length, 0, 'a refusal starts no process')
  const { layers, nodes } = await get('graph/profile?runs=1')
  t.ok(layers.length > 60 && nodes.length >= layers.length)
})

t.test('more than the queue takes', async t => {
  const { app } = await startApp(t, { MAX_QUEUE: '0' })
  const replies = await Promise.all(Array.from({ length: 3 }, () => app.inject('/models/nanodet-m-416/profile?runs=1')))
  const codes = replies.map(reply => reply.json().code)
  t.ok(codes.includes(undefined) && codes.includes('OVERLOADED'), codes.join())
  t.ok(codes.every(code => code === undefined || code === 'OVERLOADED'))
})

t.test('a temporary folder that can\'t be written', async t => {
  const before = process.env['TMPDIR']
  process.env['TMPDIR'] = `${t.testdir()}/missing`
  t.teardown(() => {
    if (before === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = before
  })
  const { app } = await startApp(t)
  t.match((await app.inject('/models/nanodet-m-416/profile')).json(), {
    statusCode: 500, code: 'INFERENCE_FAILED', message: /^The network could not be profiled: the folder for temporary files can't be written: ENOENT/
  })
})
