import t from 'tap'
import { modelPaths } from '../../../../server/dialects/kserve/model-routes.ts'
import { startApp } from '../../../support/server.ts'

t.test('paths with a version and without', async t => {
  t.same(modelPaths('/ready'), ['/models/:model/ready', '/models/:model/versions/:version/ready'])
})

t.test('what there is to know of models', async t => {
  const { app, engine } = await startApp(t)
  const get = async (path: string) => {
    const { statusCode, payload } = await app.inject(`/v2/models${path}`)
    return { status: statusCode, ...JSON.parse(payload) }
  }
  t.same(await get(''), { status: 200, models: ['nanodet-m-416', 'nanodet-m-416.raw'] })
  for (const path of ['/nanodet-m-416', '/nanodet-m-416/versions/1']) {
    t.match(await get(path), { status: 200, name: 'nanodet-m-416', versions: ['1'], inputs: [{ name: 'image' }] })
    t.same(await get(`${path}/ready`), { status: 200, name: 'nanodet-m-416', ready: true })
    t.match(await get(`${path}/config`), { status: 200, name: 'nanodet-m-416', max_batch_size: 0 })
    t.match(await get(`${path}/stats`), { status: 200, model_stats: [{ name: 'nanodet-m-416', inference_count: 0 }] })
  }
  t.match(await get('/nanodet-m-416.raw'), { inputs: [{ name: 'pixels', shape: [1, 416, 416, 3] }], outputs: [{ name: 'output' }] })
  t.match(await get('/stats'), { model_stats: [{ name: 'nanodet-m-416' }, { name: 'nanodet-m-416.raw' }] })
  t.match(await get('/nanodet-m-416/versions/2/ready'), { status: 404, error: 'nanodet-m-416 has no version 2, only 1' })
  t.match(await get('/yolo/stats'), { status: 404, error: /^Unknown model yolo/ })
  await engine.unload('nanodet-m-416')
  t.match(await get('/nanodet-m-416/ready'), { status: 503, error: 'The model nanodet-m-416 is not loaded' })
  t.match(await get('/nanodet-m-416.raw'), { status: 200 }, 'what it is like stays known')
})
