import { isDeepStrictEqual } from 'node:util'
import sharp from 'sharp'
import t from 'tap'
import { unzipSync } from 'fflate'
import { readSafetensors, safetensorsMetadata } from '../../../models/checkpoints/safetensors.ts'
import { featuresReply } from '../../../server/schemas.ts'
import { cpuClock } from '../../support/cpu-time.ts'
import { photo } from '../../support/files.ts'
import { startApp } from '../../support/server.ts'

/** An .npy file, read by its own rules: magic, version, header length, a Python dict, the data. */
function readNpy (file: Uint8Array): { shape: number[], data: number[] } {
  const bytes = Buffer.from(file)
  const end = 10 + bytes.readUInt16LE(8)
  const header = bytes.toString('latin1', 10, end)
  const shape = /'shape': \(([^)]*)\)/.exec(header)![1]!.split(',').filter(text => text.trim() !== '').map(Number)
  const body = bytes.buffer.slice(bytes.byteOffset + end, bytes.byteOffset + bytes.length)
  return { shape, data: header.includes('<i8') ? [...new BigInt64Array(body)].map(Number) : [...new Float32Array(body)] }
}

t.test('POST /features', async t => {
  const { app, log } = await startApp(t)
  const post = (query: string, { image = photo('sample-me.jpg'), url = '/features', accept = '*/*' } = {}) =>
    app.inject({ method: 'POST', url: `${url}${query}`, payload: image, headers: { 'content-type': 'image/jpeg', accept } })

  await t.test('npz by default: three stages, the boxes, the warp', async t => {
    const response = await post('')
    t.equal(response.headers['content-type'], 'application/x-npz')
    const files = Object.entries(unzipSync(response.rawPayload))
    const arrays = Object.fromEntries(files.map(([name, file]) => [name.replace('.npy', ''), readNpy(file)]))
    const shapes = Object.fromEntries(Object.entries(arrays).map(([name, { shape }]) => [name, shape]))
    const stages = { stage2: [1, 116, 52, 52], stage3: [1, 232, 26, 26], stage4: [1, 464, 13, 13] }
    t.same(shapes, { ...stages, boxes: [2, 4], scores: [2], class_ids: [2], scale: [2], pad: [2] })
    t.same(arrays['class_ids']!.data, [0, 27])
    const { detections } = (await post('', { url: '/detect' })).json()
    t.same(arrays['scores']!.data.map(score => Number(score.toFixed(4))), detections.map(({ score }: { score: number }) => score))
    t.match(log.at(-2), { path: '/features', status: 200, model: 'nanodet-m-416', format: 'npz', layers: 3, objects: 2, bytes: Number })
  })

  await t.test('format names the format, else Accept does', async t => {
    const types: Array<[query: string, accept: string, type: RegExp]> = [
      ['?layers=p5&format=npy', '*/*', /x-npy/], ['?layers=p5&format=safetensors', 'image/png', /x-safetensors/],
      ['?layers=p5&format=json', '*/*', /json/], ['?layers=p5', 'application/json', /json/], ['?layers=p5', 'image/png', /png/],
      ['?layers=p5', 'text/html, image/jpeg;q=0.9, image/png;q=0.5', /jpeg/], ['?layers=p5', 'text/html,*/*', /x-npz/]
    ]
    for (const [query, accept, type] of types) {
      const response = await post(query, { accept })
      t.equal(response.statusCode, 200)
      t.match(response.headers['content-type'], type, `${query} ${accept}`)
    }
    t.match((await post('?layers=p5', { accept: 'text/csv' })).json(), { statusCode: 406, code: 'NOT_ACCEPTABLE' })
  })

  await t.test('layercam: the cells that raise one detection\'s score', async t => {
    const maps = async (query: string) => await post(`?layers=p4&format=maps&reduce=layercam${query}`)
    const [best, tie] = [await maps(''), await maps('&for=tie')]
    const valuesOf = ({ rawPayload }: typeof best) => readSafetensors(rawPayload).parameters.get('p4')!.data.join()
    t.match(safetensorsMetadata(tie.rawPayload), { reduce: 'layercam', for: /"label":"tie","score":0\.7/ })
    t.match(safetensorsMetadata(best.rawPayload), { for: /"label":"person"/ })
    t.ok(valuesOf(await maps('&for=1')) === valuesOf(tie))
    t.ok(valuesOf(best) !== valuesOf(tie))
    const overlay = await post('?layers=p4&format=overlay&reduce=layercam&for=tie')
    t.equal(overlay.headers['content-type'], 'image/jpeg')
    const { features } = (await post('?features=p4&reduce=layercam&for=0', { url: '/detect' })).json()
    t.match(features, [{ alias: 'p4', overlay: /^data:image\/jpeg/ }])
    t.match((await post('?layers=p4&format=npy&reduce=layercam')).json(), { code: 'INVALID_PARAMETER', message: /^reduce: layercam needs the format/ })
    t.match((await maps('&for=2')).json(), { statusCode: 422, code: 'NOT_DETECTED', message: /2 detections/ })
    t.match((await maps('&for=ty')).json(), { statusCode: 400, code: 'INVALID_PARAMETER', message: /^for: / })
    t.match((await post('?layers=p4&for=tie')).json(), { code: 'INVALID_PARAMETER', message: /^for: expected together/ })
  })

  await t.test('maps: dozens of layers in one small reply', async t => {
    const layers = ['stem', 'backbone.stage3.*', 'p3', 'p4', 'p5', 'pred3'].join()
    const response = await post(`?layers=${layers}&format=maps&reduce=mean`)
    t.equal(response.headers['content-type'], 'application/x-safetensors')
    t.ok(response.rawPayload.length < 300_000, `${response.rawPayload.length} bytes`)
    const { parameters } = readSafetensors(response.rawPayload)
    t.ok(parameters.size > 20)
    t.same(parameters.get('backbone.stage3.0')!.shape, [26, 26])
    t.match(safetensorsMetadata(response.rawPayload), { reduce: 'mean', strides: /"p4":16/ })
    t.match((await post('?layers=head&format=maps')).json(), { statusCode: 400, code: 'INVALID_PARAMETER', message: /none of the requested layers/ })
  })

  await t.test('precision: the layers and the detections of the network in int8', async t => {
    const post32 = (await post('?layers=p5&format=json&values=true&precision=fp32')).json()
    const post8 = (await post('?layers=p5&format=json&values=true&precision=int8')).json()
    t.ok(isDeepStrictEqual(post32, (await post('?layers=p5&format=json&values=true')).json()))
    t.notOk(isDeepStrictEqual(post8.layers, post32.layers))
    const served = await startApp(t, { PRECISION: 'int8' })
    const at8 = async (url: string) => (await served.app.inject({ method: 'POST', url, payload: photo('sample-me.jpg') })).json()
    t.same(post8.detections, (await at8('/detect')).detections)
    t.ok(isDeepStrictEqual((await at8('/features?layers=p5&format=json&values=true')).layers, post32.layers), 'fp32 by default')
    t.same((await at8('/features?layers=p5&format=json&values=true&precision=fp32')).detections, post32.detections)
    t.match((await post('?precision=int4')).json(), { statusCode: 400, code: 'INVALID_PARAMETER', message: /precision/ })
  })

  await t.test('json is as it is described', async t => {
    const reply = (await post('?layers=p5,head&format=json&values=true')).json()
    t.ok(isDeepStrictEqual(featuresReply.parse(reply), reply))
    t.same(reply.detections, (await post('', { url: '/detect' })).json().detections)
  })

  await t.test('an overlay is upright, and its boxes lie where they do without a turn', async t => {
    const upright = photo('sample1.jpg')
    const turned = await sharp(upright).rotate(90).withMetadata({ orientation: 8 }).jpeg({ quality: 95 }).toBuffer()
    const [a, b] = await Promise.all([upright, turned].map(async image => {
      const { rawPayload } = await post('?layers=stage4&format=overlay', { image })
      return sharp(rawPayload).greyscale().raw().toBuffer({ resolveWithObject: true })
    }))
    t.same([a!.info.width, a!.info.height], [1280, 853 + 62])
    t.same([b!.info.width, b!.info.height], [1280, 853 + 62])
    const difference = a!.data.reduce((sum, value, i) => sum + Math.abs(value - b!.data[i]!), 0) / a!.data.length
    t.ok(difference < 4, `${difference} grey levels`)
  })

  await t.test('requests that make no sense', async t => {
    t.match((await post('?layers=stage9')).json(), { statusCode: 400, code: 'UNKNOWN_LAYER', message: /nearest are stage2, stage3, stage4/ })
    t.match((await post('?format=gif')).json(), { statusCode: 400, code: 'INVALID_PARAMETER', message: /format/ })
    t.match((await post('?reduce=median')).json(), { statusCode: 400, code: 'INVALID_PARAMETER', message: /reduce/ })
    t.match((await post('?layers=p3,p4&format=npy')).json(), { statusCode: 400, code: 'INVALID_PARAMETER', message: /one layer/ })
    t.match((await post('?layers=p5&format=overlay&reduce=96')).json(), { statusCode: 400, code: 'INVALID_PARAMETER', message: /channel 96 does not exist/ })
    t.match((await post('?layers=head&format=png')).json(), { statusCode: 400, code: 'INVALID_PARAMETER', message: /not a feature map/ })
    t.match((await post('?layers=*&format=json&values=true')).json(), { statusCode: 413, code: 'REPLY_TOO_LARGE' })
    t.match((await post('', { image: photo('sample-me.jpg').subarray(0, 9000) })).json(), { statusCode: 422, code: 'CORRUPT_IMAGE' })
  })

  await t.test('no query or header keeps the server busy', async t => {
    const cases: Array<[query: string, code: string, accept?: string]> = [
      ['?layers=********!', 'UNKNOWN_LAYER'], [`?layers=${'x'.repeat(15_000)}`, 'INVALID_PARAMETER'],
      [`?layers=${'*a'.repeat(128)}`, 'UNKNOWN_LAYER'], [`?layers=${'x,'.repeat(255)}x`, 'UNKNOWN_LAYER'],
      [`?classes=${'x,'.repeat(7000)}`, 'INVALID_PARAMETER'], [`?model=${'x'.repeat(15_000)}`, 'INVALID_PARAMETER'],
      [`?${'layers=*&'.repeat(1700)}`, 'INVALID_PARAMETER'], [`?reduce=${'1'.repeat(15_000)}`, 'INVALID_PARAMETER'],
      ['?layers=p5', 'NOT_ACCEPTABLE', `a/b;c="${';'.repeat(15_000)}`]
    ]
    for (const [query, code, accept = '*/*'] of cases) {
      const times: number[] = []
      for (let i = 0; i < 5; i++) {
        const spent = cpuClock()
        t.match((await post(query, { accept })).json(), { code })
        times.push(spent())
      }
      t.ok(Math.min(...times) < 50, `${query.slice(0, 30)}: ${Math.min(...times).toFixed(1)} ms`)
    }
  })

  await t.test('GET /models/{name}/layers', async t => {
    const { layers } = (await app.inject('/models/nanodet-m-416/layers')).json()
    t.match(layers.find(({ alias }: { alias?: string }) => alias === 'stage2'),
      { name: 'backbone.stage2', shape: [1, 116, 52, 52], dtype: 'float32', stride: 8, parameters: Number })
    t.match((await app.inject('/models/yolo/layers')).json(), { statusCode: 404, code: 'MODEL_NOT_FOUND' })
  })
})
