import sharp from 'sharp'
import t from 'tap'
import { detectReplies } from '../../../server/schemas.ts'
import { photo } from '../../support/files.ts'
import { startApp } from '../../support/server.ts'

t.test('POST /detect?features= reports on layers beside the objects', async t => {
  const { app, log } = await startApp(t)
  const post = async (query: string, payload: string | Buffer = photo('sample-me.jpg')) =>
    (await app.inject({ method: 'POST', url: `/detect?${query}`, payload })).json()

  await t.test('statistics and an overlay', async t => {
    const reply = await post('features=stage4,p5')
    t.match(reply, { detections: [{ label: 'person' }, { label: 'tie' }], timing: { inference_ms: Number } })
    const [stage4, p5] = reply.features
    t.match(stage4, { name: 'backbone.stage4', alias: 'stage4', statistics: { max: Number, histogram: { counts: Array } } })
    t.match(p5, { name: 'fpn.p5', alias: 'p5' })
    const picture = Buffer.from(stage4.overlay.replace('data:image/jpeg;base64,', ''), 'base64')
    t.match(await sharp(picture).metadata(), { format: 'jpeg', width: 700 })
    t.same(detectReplies.options[1].parse(reply), reply, 'as it is described')
    t.match(log.at(-1), { path: '/detect', objects: 2, times: { render: Number } })
  })

  await t.test('requests that make no sense', async t => {
    t.match(await post('features=nothing'), { code: 'UNKNOWN_LAYER' })
    t.match(await post('features=p5&format=csv'), { code: 'INVALID_PARAMETER', message: /json with features/ })
    const images = JSON.stringify({ images: [photo('sample-me.jpg').toString('base64')] })
    t.match(await post('features=p5', images), { code: 'INVALID_PARAMETER', message: /one image/ })
  })
})
