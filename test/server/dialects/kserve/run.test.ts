import { unzipSync } from 'fflate'
import t from 'tap'
import { floats, PERSON, photoHead, readReply, type Tensor } from '../../../support/kserve.ts'
import { photo } from '../../../support/files.ts'
import { startApp } from '../../../support/server.ts'

type Outputs = Map<string, Tensor>
const binary = (...names: string[]): string => JSON.stringify(names.map(name => ({ name, parameters: { binary_data: true } })))

t.test('what a run gives is what the other routes give, to the bit', async t => {
  const { app, log } = await startApp(t)
  const infer = async (head: string, tensor: Uint8Array, model = 'nanodet-m-416'): Promise<Outputs> => {
    const response = await app.inject({
      method: 'POST',
      url: `/v2/models/${model}/infer`,
      headers: { 'inference-header-content-length': String(Buffer.byteLength(head)) },
      payload: Buffer.concat([Buffer.from(head), tensor])
    })
    t.equal(response.statusCode, 200, response.payload.slice(0, 200))
    return readReply({ headers: response.headers as Record<string, string>, body: response.rawPayload }).outputs
  }
  const post = (url: string) => app.inject({ method: 'POST', url, payload: photo('sample-me.jpg') })
  const files = unzipSync((await post('/features?layers=backbone.stage4,p3')).rawPayload)
  const npy = (name: string): Buffer => {
    const file = Buffer.from(files[`${name}.npy`]!)
    return file.subarray(10 + file.readUInt16LE(8))
  }

  await t.test('objects and layers', async t => {
    const outputs = await infer(photoHead(`, "outputs": ${binary('backbone.stage4', 'boxes', 'p3', 'scores', 'class_ids', 'labels')}`), PERSON)
    t.same([...outputs.keys()], ['backbone.stage4', 'boxes', 'p3', 'scores', 'class_ids', 'labels'], 'in the order asked for')
    for (const name of ['backbone.stage4', 'boxes', 'p3', 'scores', 'class_ids']) t.ok(outputs.get(name)!.bytes!.equals(npy(name)), name)
    t.equal(String(outputs.get('labels')!.bytes), '\x06\0\0\0person\x03\0\0\0tie')
    t.match(log.at(-1), { path: '/v2/models/nanodet-m-416/infer', status: 200, model: 'nanodet-m-416', layers: 2, objects: 2, dialect: 'kserve' })
  })

  await t.test('objects alone are found as POST /detect finds them', async t => {
    const outputs = await infer(photoHead(', "parameters": {"binary_data_output": true}'), PERSON)
    t.same([...outputs.keys()], ['boxes', 'scores', 'class_ids', 'labels'])
    for (const name of ['boxes', 'scores', 'class_ids']) t.ok(outputs.get(name)!.bytes!.equals(npy(name)), name)
    const { detections } = (await post('/detect')).json()
    t.same(floats(outputs.get('scores')!).map(score => Number(score.toFixed(4))), detections.map(({ score }: { score: number }) => score))
    t.match((await app.inject('/metrics')).payload, /nanodet_stage_duration_seconds_count\{task="detect",model="nanodet-m-416",stage="inference"\} 2/)
  })

  await t.test('layers without objects, and with options for objects', async t => {
    t.ok((await infer(photoHead(`, "outputs": ${binary('p3')}`), PERSON)).get('p3')!.bytes!.equals(npy('p3')))
    const options = ', "parameters": {"classes": "tie", "score_threshold": 0.1, "max_detections": 1}'
    for (const names of [['labels'], ['labels', 'p5']]) {
      t.equal(String((await infer(photoHead(`, "outputs": ${binary(...names)}${options}`), PERSON)).get('labels')!.bytes), '\x03\0\0\0tie')
    }
  })

  await t.test('the network alone: its input in, its output and layers out', async t => {
    const pixels = Buffer.alloc(416 * 416 * 3, 114)
    const head = (rest: string): string =>
      `{"inputs": [{"name": "pixels", "shape": [1, 416, 416, 3], "datatype": "UINT8", "parameters": {"binary_data_size": ${pixels.length}}}]${rest}}`
    const all = await infer(head(`, "outputs": ${binary('p5', 'output')}`), pixels, 'nanodet-m-416.raw')
    t.same([...all].map(([name, { shape }]) => [name, shape]), [['p5', [1, 96, 13, 13]], ['output', [1, 3549, 112]]])
    const alone = await infer(head(', "parameters": {"binary_data_output": true}'), pixels, 'nanodet-m-416.raw')
    t.ok(alone.get('output')!.bytes!.equals(all.get('output')!.bytes!))
    const numbers = `{"inputs": [{"name": "pixels", "shape": [1, 416, 416, 3], "datatype": "UINT8", "data": [${[...pixels].join()}]}]}`
    const asJson = await infer(numbers, Buffer.of(), 'nanodet-m-416.raw')
    t.same(Float32Array.from(asJson.get('output')!.data as number[]), Float32Array.from(floats(alone.get('output')!)))
    t.match(log.at(-1), { model: 'nanodet-m-416', image: { width: 416, height: 416 }, layers: 1, objects: 0 })
  })
})
