import t from 'tap'
import { readInference, readLegacyImage, readLegacyQuery } from '../../../../server/dialects/roboflow/requests.ts'

t.test('Roboflow\'s defaults, and null as nothing', async t => {
  const image = { type: 'base64', value: 'aGVsbG8=' }
  const { options, images, isList, modelId } = readInference({ image, confidence: null, model_id: null })
  t.same(options, { scoreThreshold: 0.4, iouThreshold: 0.3, maxDetections: 300, classes: undefined })
  t.same(images.map(String), ['hello'])
  t.same([isList, modelId], [false, undefined])
  t.throws(() => readInference({ image: [] }), /image/)
  t.throws(() => readInference({ image, class_agnostic_nms: true }), /class_agnostic_nms: not supported/)
})

t.test('percent from 1 on', async t => {
  t.match(readLegacyQuery({}).options, { scoreThreshold: 0.4, iouThreshold: 0.3, maxDetections: 300 })
  t.match(readLegacyQuery({ confidence: '1', overlap: '50' }).options, { scoreThreshold: 0.01, iouThreshold: 0.5 })
  t.match(readLegacyQuery({ confidence: '0.25', labels: 'on', stroke: '2' }).options, { scoreThreshold: 0.25 })
  t.throws(() => readLegacyQuery({ confidence: '101' }), /confidence/)
})

t.test('an image as base64, whatever its type says', async t => {
  t.equal(String(readLegacyImage(Buffer.from('aGVsbG8='), 'application/json')), 'hello')
  t.equal(String(readLegacyImage(Buffer.from('data:image/png;base64,aGVsbG8='), undefined)), 'hello')
  t.throws(() => readLegacyImage(Buffer.from([0xc3, 0x28]), undefined), { code: 'MALFORMED_REQUEST' })
})
