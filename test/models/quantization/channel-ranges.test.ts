import t from 'tap'
import { Steps } from '../../../engine/steps.ts'
import { ChannelRanges } from '../../../models/quantization/channel-ranges.ts'
import { int8Form } from '../../../models/quantization/int8-form.ts'
import { graphOnPixels } from '../../../models/network.ts'
import { REGISTRY } from '../../../models/registry.ts'
import { loadWeights } from '../../../models/weights.ts'
import { photo } from '../../support/files.ts'
import { runOnnx } from '../../support/run.ts'

const config = REGISTRY.get('nanodet-m-416')!
const weights = await loadWeights(config)
const { picture } = await new Steps(config).preprocess({ bytes: photo('sample1.jpg'), maxPixels: Infinity })

t.test('factors are square roots of the largest magnitudes, and fit the network', async t => {
  const ranges = new ChannelRanges(config, weights)
  const outputs = await runOnnx(ranges.onnx, { pixels: { dims: [1, 416, 416, 3], data: picture.pixels } })
  ranges.observe(outputs)
  const { factors } = ranges
  t.ok(Object.values(factors).flat().length > 5000)
  const [name] = Object.keys(factors) as [string]
  const { data } = outputs[name]!
  const first = data.subarray(0, data.length / factors[name]!.length)
  t.equal(factors[name]![0], Number(Math.sqrt(first.reduce((max, value) => Math.max(max, Math.abs(value)), 0)).toPrecision(2)))
  t.ok(int8Form(graphOnPixels(config, weights), factors).outputs.size > 0)
})

t.test('more photos never make a factor smaller', async t => {
  const ranges = new ChannelRanges(config, weights)
  const observe = async (map: (value: number) => number): Promise<number[]> => {
    ranges.observe(await runOnnx(ranges.onnx, { pixels: { dims: [1, 416, 416, 3], data: picture.pixels.map(map) } }))
    return Object.values(ranges.factors).flat()
  }
  const before = await observe(value => value)
  const after = await observe(value => 255 - value)
  t.ok(after.every((factor, i) => factor >= before[i]!))
})
