import t from 'tap'
import { builtInArtifacts } from '../../../models/artifact.ts'
import { weightsOf } from '../../../models/checkpoints/state-dict.ts'
import { detector } from '../../../models/kinds/detector.ts'
import { listLayers } from '../../../models/layers.ts'
import { compile } from '../../../models/network.ts'
import { largest, maxDifference, runOnnx } from '../../support/run.ts'
import { seededFloats } from '../../support/seeded.ts'

const [float, int8] = [builtInArtifacts()[0]!, builtInArtifacts('int8')[0]!]

t.test('weights and the calibration table are read', async t => {
  const { config, stateDict, calibration, precision } = await detector.read(int8)
  t.equal(config, int8.config)
  t.ok(stateDict.folded)
  t.ok(Object.keys(calibration!.ranges).length > 50)
  t.equal(precision, 'int8')
  t.match(await detector.read(float), { calibration, precision: 'fp32' })
})

t.test('a table that can\'t be read matters only in int8', async t => {
  const calibration = `${t.testdir({ 'a.json': 'no JSON' })}/a.json`
  await t.rejects(detector.read({ ...int8, calibration }), { name: 'ModelFileError', message: /a\.json/ })
  t.notOk('calibration' in await detector.read({ ...float, calibration }))
})

t.test('in int8 it detects in int8; its layers are in float unless requested in int8', async t => {
  const models = [await detector.read(float), await detector.read(int8)] as const
  const [plain, quantized] = models.map(model => detector.compile(model, []))
  t.ok(quantized!.length < plain!.length / 2)
  const [expected, shown] = models.map(model => Buffer.from(detector.compile(model, ['fpn.p3'])))
  t.ok(shown!.equals(expected!))
  const inInt8 = models.map(model => Buffer.from(detector.compile(model, ['fpn.p3'], 'int8')))
  t.ok(inInt8[0]!.equals(inInt8[1]!) && inInt8[0]!.length < expected!.length / 2)
  t.ok(Buffer.from(detector.compile(models[1], [], 'fp32')).equals(Buffer.from(plain!)))
  t.ok(expected!.equals(compile(float.config, weightsOf(models[0].stateDict), { layers: ['fpn.p3'] })))
})

t.test('for any execution provider: fp32, any number of photos, and the predictions of the CPU\'s network', async t => {
  const model = await detector.read(int8)
  const size = 416 * 416 * 3
  const photos = Uint8Array.from(seededFloats('photos', 2 * size, u => 256 * u))
  const on = async (onnx: Uint8Array, from: number, count: number) =>
    (await runOnnx(onnx, { pixels: { data: photos.slice(from * size, (from + count) * size), dims: [count, 416, 416, 3] } }))['output']!
  const portable = detector.compile(model, [], 'int8', { isPortable: true, isBatched: true })
  const both = await on(portable, 0, 2)
  t.same(both.dims, [2, 3549, 112])
  const tuned = detector.compile(model, [], 'fp32')
  for (const i of [0, 1]) {
    const { data } = await on(tuned, i, 1)
    t.ok(maxDifference(both.data.slice(i * data.length, (i + 1) * data.length), data) <= 1e-5 * largest(data), `photo ${i}`)
  }
})

t.test('descriptions name the parts', async t => {
  t.match(detector.describe(float.config), {
    resizeMode: 'letterbox', backbone: 'shufflenetv2 1.0x', neck: 'pan', head: 'nanodet-head', strides: [8, 16, 32], parameters: 950_036
  })
  t.same(detector.layers(await detector.read(float)), listLayers(float.config, true))
  t.equal(detector.summarize!(float.config).totals.parameters, 950_036)
  t.equal(detector.weightsOrigin!(float.config), float.config.weights)
})
