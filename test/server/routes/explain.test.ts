import sharp from 'sharp'
import t from 'tap'
import { MAX_BYTES } from '../../../engine/explain/fit.ts'
import { judge } from '../../../engine/explain/judge.ts'
import { weightsOf } from '../../../models/checkpoints/state-dict.ts'
import { exportRaw } from '../../../models/export.ts'
import { explainReply } from '../../../server/explain-schemas.ts'
import { photo } from '../../support/files.ts'
import { CLASSIFIER_JSON, safetensorsFile, seededClassifier, seededModel, SMALL, SMALL_CLASSIFIER, torchFile } from '../../support/model-files.ts'
import { distancesGraph, opaqueGraph } from '../../support/opaque-graph.ts'
import { startApp } from '../../support/server.ts'
import { STREET } from '../../support/street.ts'
import { upstreamYaml } from '../../support/upstream-yaml.ts'

const FAR_SIGN = '258,298,282,322'
const IMAGE = { 'content-type': 'image/jpeg' }

t.test('POST /explain', async t => {
  const { app, log } = await startApp(t)
  const post = async (query: string, payload: Buffer | string = STREET, { url = '/explain', headers = IMAGE } = {}) => {
    const response = await app.inject({ method: 'POST', url: `${url}${query}`, payload, headers })
    return { ...response, bytes: response.rawPayload.length, reply: response.json() }
  }

  await t.test('the reply of POST /detect, and how it came about', async t => {
    const { reply, bytes, headers } = await post('')
    t.same(explainReply.strict().parse(reply), reply)
    t.equal(headers['content-type'], 'application/json; charset=utf-8')
    t.ok(bytes < MAX_BYTES)
    const { model, image, detections } = (await post('', STREET, { url: '/detect' })).reply
    t.match(reply, { model, image, detections })
    t.notOk('region' in reply)
    t.match(log.find(({ path }) => path === '/explain'), { status: 200, model: 'nanodet-m-416', objects: 3, bytes: Number })
  })

  await t.test('its candidates give POST /detect\'s reply', async t => {
    const { candidates, cells, labels } = (await post('')).reply
    for (const [score, iou, max] of [[0.35, 0.6, 100], [0.05, 0.3, 1000], [0.1, 1, 7]] as const) {
      const { detections } = (await post(`?score_threshold=${score}&iou_threshold=${iou}&max_detections=${max}`, STREET, { url: '/detect' })).reply
      const kept = judge(candidates, cells, { scoreThreshold: score, iouThreshold: iou, maxDetections: max }).filter(({ state }) => state === 'kept')
      t.same(kept.map(({ cell, class_id: classId, score }) => {
        const [x1, y1, x2, y2] = cells[cell].box
        return { label: labels[classId], class_id: classId, score: Number(score.toFixed(4)), box: { x1, y1, x2, y2 } }
      }), detections)
    }
  })

  await t.test('the cells that raised a detection\'s score', async t => {
    const { reply } = await post('?for=bus')
    t.same(explainReply.strict().parse(reply), reply)
    t.match(reply.cam, { class_id: 5, label: 'bus', score: 0.6288, layers: [{ layer: 'stage2', width: 52 }, {}, {}, { layer: 'p3' }] })
    const { layers } = reply.cam
    t.ok(layers.every(({ in_box: inBox, layer }: { in_box: number | null, layer: string }) => layer === 'p5' ? inBox === null : inBox! > 0.3))
    t.same((await post('?for=1')).reply.cam, reply.cam)
    t.match((await post('?for=3')).reply, { code: 'NOT_DETECTED' })
    t.match((await post('?for=busses')).reply, { code: 'INVALID_PARAMETER', message: /^for: / })
  })

  await t.test('a region in the query, in a form, in JSON', async t => {
    const sentence = 'Below the threshold: stop sign (0.24) would appear at a threshold of 0.23.'
    const { reply } = await post(`?region=${FAR_SIGN}&label=stop%20sign`)
    t.same(explainReply.strict().parse(reply), reply)
    t.match(reply.region, { box: [258, 298, 282, 322], class_id: 11, verdict: { sentence } })
    const image = STREET.toString('base64')
    for (const region of [[258, 298, 282, 322], '258, 298,282 ,322.0']) {
      const json = await post('', JSON.stringify({ image, region, label: 'stop sign' }), { headers: { 'content-type': 'application/json' } })
      t.same(json.reply.region, reply.region)
    }
    const form = `--x\r\ncontent-disposition: form-data; name="region"\r\n\r\n${FAR_SIGN}\r\n` +
      `--x\r\ncontent-disposition: form-data; name="image"\r\n\r\n${image}\r\n--x--\r\n`
    t.match((await post('', form, { headers: { 'content-type': 'multipart/form-data; boundary=x' } })).reply.region, { verdict: { sentence } })
  })

  await t.test('only wanted classes', async t => {
    const { reply } = await post(`?classes=bus,truck&region=${FAR_SIGN}&label=truck&score_threshold=0.001`)
    t.same(explainReply.strict().parse(reply), reply)
    t.same(reply.options, { score_threshold: 0.001, iou_threshold: 0.6, max_detections: 100, class_ids: [5, 7] })
    t.same([...new Set(reply.candidates.map(({ class_id: classId }: { class_id: number }) => classId))].sort(), [5, 7])
    t.ok(reply.complete_above < 0.01)
  })

  await t.test('requests that make no sense', async t => {
    const wrong: Array<[query: string, message: string | RegExp]> = [
      ['?region=1,2,3', 'region: expected x1,y1,x2,y2'],
      ['?region=1,2,3,4,5', 'region: expected x1,y1,x2,y2'],
      ['?region=1,2,,4', /^region\.2: expected x1,y1,x2,y2/],
      ['?region=NaN,2,3,4', /^region\.0: expected x1,y1,x2,y2/],
      ['?region=1,2,Infinity,4', /^region\.2: expected x1,y1,x2,y2/],
      ['?region=1,2,1e999,4', /^region\.2: expected x1,y1,x2,y2/],
      ['?region=1,2,0x10,4', /^region\.2: expected x1,y1,x2,y2/],
      ['?region=', 'region: expected x1,y1,x2,y2'],
      ['?region=3,2,3,4', 'region: expected x1 < x2 and y1 < y2'],
      ['?region=1,9,3,4', 'region: expected x1 < x2 and y1 < y2'],
      ['?region=1,2,3,4&region=5,6,7,8', /^region/],
      ['?region=5000,0,5010,10', 'region: expected a part of the photo, which is 960×640'],
      ['?label=bus', 'label: expected together with region'],
      [`?region=${FAR_SIGN}&label=buss`, 'label: the model has no label buss; did you mean bus?'],
      [`?region=${FAR_SIGN}&label=bus,truck`, 'label: expected one label'],
      [`?region=${FAR_SIGN}&label=bus&classes=truck`, 'label: expected one of classes'],
      [`?region=${FAR_SIGN}&label=${'x'.repeat(300)}`, /^label: .*256/],
      ['?classes=buss', /^classes: the model has no label buss/],
      ['?layers=stage2', /^unknown parameter layers/]
    ]
    for (const [query, message] of wrong) t.match((await post(query)).reply, { statusCode: 400, code: 'INVALID_PARAMETER', message }, query)
    const images = JSON.stringify({ images: [STREET.toString('base64')] })
    t.match((await post('', images, { headers: { 'content-type': 'application/json' } })).reply, { code: 'INVALID_PARAMETER', message: /^images: expected one/ })
    t.match((await post('', photo('sample-me.jpg').subarray(0, 9000))).reply, { statusCode: 422, code: 'CORRUPT_IMAGE' })
  })

  await t.test('noise at the lowest threshold: bounded in bytes and in time', async t => {
    const noise = { type: 'gaussian' as const, mean: 128, sigma: 60 }
    const image = await sharp({ create: { width: 800, height: 600, channels: 3, background: '#000', noise } }).jpeg().toBuffer()
    for (const query of ['?score_threshold=0', '?score_threshold=0&iou_threshold=1&max_detections=1000&region=1,1,700,500']) {
      await post(query, image)
      const start = performance.now()
      const { bytes, reply } = await post(query, image)
      t.ok(performance.now() - start < 8000)
      t.ok(bytes < MAX_BYTES, `${bytes} bytes`)
      t.ok(reply.candidates.length > 500)
      t.same(explainReply.strict().parse(reply), reply)
    }
  })
})

t.test('models of the user\'s', async t => {
  const folder = t.testdir({
    'small.yml': upstreamYaml(SMALL),
    'small.ckpt': torchFile(seededModel(SMALL).stateDict),
    'graph.onnx': Buffer.from(exportRaw(SMALL, weightsOf(seededModel(SMALL).stateDict))),
    'opaque.onnx': opaqueGraph(seededModel(SMALL)),
    'direct.onnx': distancesGraph(seededModel(SMALL)),
    'direct.json': JSON.stringify({ task: 'detect', graph: 'opaque', head: { reg_max: 0, strides: [8, 16, 32] }, input: SMALL.input, labels: SMALL.labels }),
    'kinds.json': CLASSIFIER_JSON,
    'kinds.safetensors': safetensorsFile(seededClassifier(SMALL_CLASSIFIER).stateDict)
  })
  const { app } = await startApp(t, { MODELS_DIR: folder })
  const explain = async (model: string) => {
    const url = `/explain?model=${model}&score_threshold=0&region=10,10,600,650`
    return (await app.inject({ method: 'POST', url, payload: photo('sample-me.jpg'), headers: IMAGE })).json()
  }

  for (const model of ['small', 'graph', 'opaque', 'direct']) {
    await t.test(model, async t => {
      const reply = await explain(model)
      t.same(explainReply.strict().parse(reply), reply)
      t.equal(reply.cells.find((cell: object) => 'class_scores' in cell).class_scores.length, 3)
      t.equal('distributions' in reply.cells[0], model !== 'direct')
      t.equal(reply.region.levels[0].best.length, 3)
      const stages = reply.region.layers.filter(({ layer }: { layer: string }) => layer.startsWith('stage'))
      t.equal(stages.length > 0, model === 'small')
    })
  }

  await t.test('classifiers don\'t support it', async t => {
    t.match(await explain('kinds'), { statusCode: 400, code: 'WRONG_TASK' })
  })
})
