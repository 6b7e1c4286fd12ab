import { gunzipSync, inflateSync } from 'node:zlib'
import accepts from '@fastify/accepts'
import Fastify from 'fastify'
import t from 'tap'
import { objectTensors } from '../../../../server/dialects/kserve/tensors.ts'
import { encodeReply, sendReply } from '../../../../server/dialects/kserve/reply.ts'
import { readReply } from '../../../support/kserve.ts'

const tensors = objectTensors([{ label: 'person', classId: 0, score: 0.5, box: [1, 2, 3, 4] }])
const encode = (...binary: boolean[]) =>
  encodeReply({ model_name: 'm', id: '"' }, tensors.slice(0, binary.length), binary.map((binary, i) => ({ name: tensors[i]!.name, binary })))
const JSON_ONLY = {
  model_name: 'm',
  id: '"',
  outputs: [{ name: 'boxes', datatype: 'FP32', shape: [1, 4], data: [1, 2, 3, 4] }, { name: 'scores', datatype: 'FP32', shape: [1], data: [0.5] }]
}

t.test('outputs as JSON, as bytes, and both', async t => {
  const plain = await encode(false, false)
  t.same(JSON.parse(String(plain.json)), JSON_ONLY)
  t.notOk(plain.isBinary)
  const mixed = await encode(true, false, true)
  const headers = { 'inference-header-content-length': String(mixed.json.length) }
  const { outputs } = readReply({ headers, body: Buffer.concat([mixed.json, ...mixed.binary]) })
  t.same([...outputs.keys()], ['boxes', 'scores', 'class_ids'])
  t.same([outputs.get('boxes')!.bytes!.length, outputs.get('scores')!.data, outputs.get('class_ids')!.bytes!.length], [16, [0.5], 8])
})

t.test('without outputs there is a list of none', async t => {
  t.match(JSON.parse(String((await encode()).json)), { outputs: [] })
})

t.test('compressed as the client asks for it', async t => {
  const app = Fastify()
  await app.register(accepts)
  app.get('/', async (request, reply) => await sendReply(request, reply, await encode(false, false)))
  app.get('/binary', async (request, reply) => await sendReply(request, reply, await encode(true)))
  const get = (encoding?: string, url = '/') => app.inject({ url, headers: encoding === undefined ? {} : { 'accept-encoding': encoding } })
  for (const encoding of [undefined, '', 'identity', 'br', 'gzip;q=0', 'x'.repeat(2000)]) {
    const { headers, payload } = await get(encoding)
    t.notOk(headers['content-encoding'], String(encoding))
    t.match(headers, { 'content-type': /^application\/json/, 'content-length': String(payload.length), vary: 'accept-encoding' })
  }
  for (const [accepted, encoding, expand] of [['gzip', 'gzip', gunzipSync], ['deflate', 'deflate', inflateSync], ['gzip;q=0.1, deflate', 'deflate', inflateSync]] as const) {
    const { headers, rawPayload } = await get(accepted)
    t.equal(headers['content-encoding'], encoding)
    t.same(JSON.parse(String(expand(rawPayload))), JSON_ONLY)
  }
  const binary = await get('gzip', '/binary')
  t.equal(binary.headers['content-type'], 'application/octet-stream')
  t.equal(gunzipSync(binary.rawPayload).length, Number(binary.headers['inference-header-content-length']) + 16, 'the header is of the JSON as it was')
})
