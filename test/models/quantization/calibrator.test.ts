import t from 'tap'
import { Steps } from '../../../engine/steps.ts'
import { compile } from '../../../models/network.ts'
import { Calibrator } from '../../../models/quantization/calibrator.ts'
import { int8Passes } from '../../../models/quantization/int8-form.ts'
import { REGISTRY } from '../../../models/registry.ts'
import { loadWeights } from '../../../models/weights.ts'
import { photo } from '../../support/files.ts'
import { runOnnx } from '../../support/run.ts'

const config = REGISTRY.get('nanodet-m-416')!
const weights = await loadWeights(config)
const { picture } = await new Steps(config).preprocess({ bytes: photo('sample1.jpg'), maxPixels: Infinity })
const feed = { pixels: { dims: [1, 416, 416, 3], data: picture.pixels } }

t.test('ranges of a photo\'s values fit the network', async t => {
  const calibrator = new Calibrator(config, weights, {})
  const outputs = await runOnnx(calibrator.onnx, feed)
  calibrator.observe(outputs)
  const calibration = calibrator.table('min-max')
  t.ok(compile(config, weights, { passes: int8Passes(calibration) }).length > 1e6)
  const largest = Math.max(...Object.values(outputs).map(({ data }) => data.reduce((max, value) => Math.max(max, value), 0)))
  t.equal(Math.max(...Object.values(calibration.ranges).map(([, high]) => high)), largest)
})

t.test('more photos never make the largest range smaller', async t => {
  const calibrator = new Calibrator(config, weights, {})
  const outputs = await runOnnx(calibrator.onnx, feed)
  calibrator.observe(outputs)
  const before = Object.values(calibrator.table('min-max').ranges)
  calibrator.observe(await runOnnx(calibrator.onnx, { pixels: { ...feed.pixels, data: picture.pixels.map(value => 255 - value) } }))
  for (const [i, [low, high]] of Object.values(calibrator.table('min-max').ranges).entries()) t.ok(low <= before[i]![0] && high >= before[i]![1])
})
