import t from 'tap'
import { startApp } from '../../support/server.ts'

t.test('models', async t => {
  const { app } = await startApp(t, {}, { load: false })
  const { models } = (await app.inject('/models')).json()
  t.match(models, [{
    name: 'nanodet-m-416',
    input: { width: 416, height: 416 },
    strides: [8, 16, 32],
    parameters: 950_036,
    published: { ap: 0.235 },
    weights: { package: '@vladmandic/human@1.2.1', license: 'MIT', trained_by: /NanoDet/ }
  }])
  t.same((await app.inject('/models/nanodet-m-416')).json(), models[0])
  t.match((await app.inject('/models/yolo')).json(), { statusCode: 404, code: 'MODEL_NOT_FOUND' })
})
