import t from 'tap'
import type { BackboneConfig } from '../../models/config.ts'
import { zeros } from '../../models/checkpoints/state-dict.ts'
import { buildNetwork, buildOnPixels, compile, INPUT_NAME, OUTPUT_NAME } from '../../models/network.ts'
import { REGISTRY } from '../../models/registry.ts'
import { loadWeights } from '../../models/weights.ts'
import { input } from '../../nn/tensor.ts'
import { fixture } from '../support/files.ts'
import { run, type Value } from '../support/run.ts'
import { samplesDiffer, type Samples } from '../support/samples.ts'
import { seededImage, seededWeights } from '../support/seeded.ts'

interface Figures { shape: number[], sum: number, first: number[], last: number[] }
interface Forward { backbone: Figures[], neck: Figures[], output_logits: Figures, rows: number[], cols: number[], samples: number[][] }
const forward: Record<string, Forward> = fixture('forward-seeded.json')
const reference: { taps: Record<string, Samples> } = fixture('nanodet-m-416.json')
const real = REGISTRY.get('nanodet-m-416')!

const feed = (size: number) => ({ image: { dims: [1, 3, size, size], data: seededImage(size) } })
const imageOf = (size: number) => input('image', [1, 3, size, size])

t.test('with the real weights, every stage equals upstream\'s PyTorch', async t => {
  const { taps, predictions } = buildNetwork(real, await loadWeights(real), imageOf(416))
  const outputs = Object.fromEntries(Object.keys(reference.taps).map(name => [name, taps.get(name) ?? predictions]))
  const results = await run(outputs, feed(416))
  for (const [name, samples] of Object.entries(reference.taps)) t.ok(samplesDiffer(results[name]!, samples) < 1e-5, name)
})

for (const [name, golden] of Object.entries(forward)) {
  t.test(`${name} with seeded weights equals upstream's PyTorch`, async t => {
    const config = REGISTRY.get(name)!
    const { features, levels, predictions } = buildNetwork(config, seededWeights, imageOf(config.input.width))
    const named = (stem: string, list: typeof features) => list.map(({ tensor }, i) => [`${stem}${i}`, tensor] as const)
    const outputs = Object.fromEntries([...named('backbone', features), ...named('neck', levels), ['output', predictions]])
    const results = await run(outputs, feed(config.input.width))
    golden.backbone.forEach((figures, i) => t.ok(differs(results[`backbone${i}`]!, figures) < 1e-3))
    golden.neck.forEach((figures, i) => t.ok(differs(results[`neck${i}`]!, figures) < 1e-3))
    t.ok(differs(results['output']!, golden.output_logits) < 1e-3)
    const values = results['output']!.dims[2]!
    const sampled = golden.rows.map(row => golden.cols.map(column => results['output']!.data[row * values + column]!))
    t.ok(Math.max(...sampled.flat().map((value, i) => Math.abs(value - golden.samples.flat()[i]!))) < 1e-3)
  })
}

t.test('a compiled model takes a photo\'s pixels', async t => {
  const onnx = compile(real, await loadWeights(real))
  t.ok(onnx.length > 3.7e6 && onnx.length < 4e6)
  const { image, predictions } = buildOnPixels(real, zeros(true))
  t.same(image.shape, [1, 3, 416, 416])
  t.same(predictions.shape, [1, 3549, 112])
  t.match([INPUT_NAME, OUTPUT_NAME], ['pixels', 'output'])
})

const backbones: BackboneConfig[] = [
  { name: 'ghostnet', width: 0.5, outStages: [4, 6, 9] },
  { name: 'mobilenetv1', width: 0.25, outStages: [2, 3, 4] },
  { name: 'mobilenetv2', width: 0.5, outStages: [2, 4, 6] },
  { name: 'shufflenetv1', width: '0.5x', groups: 3, outStages: [2, 3, 4] },
  { name: 'shufflenetv2', width: '0.5x', outStages: [2, 3, 4] }
]
for (const backbone of backbones) {
  t.test(`a detector on ${backbone.name}`, async t => {
    const { features, params, predictions } = buildNetwork({ ...real, backbone }, zeros(false), imageOf(320))
    t.same(features.map(({ stride }) => stride), [8, 16, 32])
    t.same(predictions.shape, [1, 2100, 112])
    t.ok([...params.keys()][0]!.startsWith('backbone.'))
  })
}

t.test('one graph serves every size that 32 divides', async t => {
  const { predictions } = buildNetwork(real, await loadWeights(real), input('image', ['N', 3, 'H', 'W']))
  t.same(predictions.shape, ['N', 'H/8*W/8+H/16*W/16+H/32*W/32', 112])
  const image = { dims: [2, 3, 64, 96], data: new Float32Array(2 * 3 * 64 * 96).fill(1) }
  const { output } = await run({ output: predictions }, { image })
  t.same(output!.dims, [2, 96 + 24 + 6, 112])
})

t.test('a checkpoint that does not fit is refused by name', async t => {
  const weights = await loadWeights(real)
  const other = REGISTRY.get('nanodet-m-1.5x-416')!
  t.throws(() => buildNetwork(other, weights, imageOf(416)), {
    message: 'backbone.stage2.0.branch1.2: parameter backbone.stage2.0.branch1.2.weight is [58, 24, 1, 1] in the checkpoint, the network needs [88, 24, 1, 1]'
  })
})

/** The largest difference from the figures; the sum's counts by the mean. */
function differs ({ dims, data }: Value, { shape, sum, first, last }: Figures): number {
  if (dims.join() !== shape.join()) return Infinity
  const ends = [...data.slice(0, first.length), ...data.slice(-last.length)]
  const mean = Math.abs(data.reduce((total, x) => total + x, 0) - sum) / data.length
  return Math.max(mean, ...[...first, ...last].map((value, i) => Math.abs(value - ends[i]!)))
}
