import t from 'tap'
import sharp from 'sharp'
import { FORMAT_NAMES, FORMATS, isJson, isPicture } from '../../../server/formats/formats.ts'
import { photo } from '../../support/files.ts'
import { startApp } from '../../support/server.ts'

t.test('POST /detect in every format', async t => {
  const { app, log } = await startApp(t)
  const post = (query: string, payload = photo('sample-me.jpg')) => app.inject({ method: 'POST', url: `/detect?${query}`, payload })

  await t.test('says what it is', async t => {
    for (const name of FORMAT_NAMES) {
      const format = FORMATS[name]
      const reply = await post(`format=${name}`)
      t.equal(reply.statusCode, 200)
      const charset = isPicture(format) ? '' : '; charset=utf-8'
      t.equal(reply.headers['content-type'], `${format.mediaType}${charset}`, name)
      t.equal(Number(reply.headers['content-length']), reply.rawPayload.length)
      t.equal(reply.body.endsWith('\n'), !isPicture(format), name)
      if (isJson(format) && name !== 'json') t.match(reply.json(), [{}, {}], name)
    }
  })

  await t.test('pictures have the size of the photo as displayed, and its colors', async t => {
    const [width, height] = [1200, 800]
    const upright = await sharp(photo('sample1.jpg')).resize(width, height, { fit: 'fill' }).toBuffer()
    const turned = await sharp(upright).rotate(90).withMetadata({ orientation: 8 }).withIccProfile('p3')
      .jpeg({ quality: 95 }).toBuffer()
    const formats = { jpeg: { name: 'image', fileName: 'objects.jpg' }, png: { name: 'png', fileName: 'objects.png' } }
    for (const [format, { name, fileName }] of Object.entries(formats)) {
      const reply = await post(`format=${name}&classes=toothbrush`, turned)
      t.equal(reply.headers['content-disposition'], `inline; filename="${fileName}"`)
      t.match(await sharp(reply.rawPayload).metadata(), { format, width, height })
      const [sent, expected] = await Promise.all([reply.rawPayload, upright].map(image => sharp(image).raw().toBuffer()))
      const difference = expected!.reduce((sum, value, i) => sum + Math.abs(value - sent![i]!), 0) / expected!.length
      t.ok(difference < 3, `${format}: ${difference} levels from the photo`)
    }
    t.match(log.at(-1), { path: '/detect', status: 200, format: 'png', bytes: Number, times: { render: Number } })
    t.match((await app.inject('/metrics')).body, /duration_seconds_count\{task="detect",model="[^"]*",stage="render"\} 4/)
  })

  await t.test('pictures have boxes, and at most 4096 pixels a side', async t => {
    const large = await sharp(photo('sample-me.jpg')).resize(5000, 5000).toBuffer()
    const reply = await post('format=png', large)
    t.match(await sharp(reply.rawPayload).metadata(), { width: 4096, height: 4096 })
    const [plain, drawn] = await Promise.all(['classes=toothbrush', 'classes=tie'].map(async classes => {
      const { rawPayload } = await post(`format=png&${classes}`)
      return await sharp(rawPayload).extract({ left: 255, top: 560, width: 8, height: 60 }).raw().toBuffer()
    }))
    t.notSame(plain, drawn, 'the left edge of the tie\'s box')
  })

  await t.test('a form of a browser, with fields that were left empty', async t => {
    const form = new FormData()
    form.append('image', new Blob([new Uint8Array(photo('sample-me.jpg'))], { type: 'image/jpeg' }), 'me.jpg')
    form.append('format', 'image')
    form.append('model', '')
    const sent = new Response(form)
    const headers = { 'content-type': sent.headers.get('content-type')! }
    const reply = await app.inject({ method: 'POST', url: '/detect', payload: Buffer.from(await sent.arrayBuffer()), headers })
    t.match(await sharp(reply.rawPayload).metadata(), { format: 'jpeg', width: 700, height: 700 })
  })

  await t.test('several images are answered in one list', async t => {
    const images = [photo('sample-me.jpg'), Buffer.from('no image'), photo('sample-me.jpg')].map(image => image.toString('base64'))
    const batch = (format: string) => post(`format=${format}&image_id=7`, Buffer.from(JSON.stringify({ images })))
    const { results } = (await batch('coco')).json()
    t.match(results, [[{ image_id: 7 }, {}], { error: { code: 'UNSUPPORTED_IMAGE' } }, [{ image_id: 9 }, {}]])
    t.match((await batch('csv')).json(), { code: 'INVALID_PARAMETER', message: /one image/ })
  })
})
