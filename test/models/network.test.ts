import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node'
import t, { type Test } from 'tap'
import { repVgg } from '../../backbone/repvgg.ts'
import { BACKBONES, HEADS, NECKS, neckSpecOf } from '../../models/architectures.ts'
import type { ModelConfig } from '../../models/config.ts'
import { backboneSchema, headSchema, neckSchema } from '../../models/files/own-schema.ts'
import { reparameterize } from '../../models/checkpoints/reparameterize.ts'
import { zeros } from '../../models/checkpoints/state-dict.ts'
import { INPUT_NAME, OUTPUT_NAME } from '../../models/tensor-names.ts'
import { buildNetwork, buildOnImage, buildOnPixels, compile } from '../../models/network.ts'
import { REGISTRY } from '../../models/registry.ts'
import { loadWeights } from '../../models/weights.ts'
import { ACTIVATIONS } from '../../nn/activations.ts'
import { Scope, type Weights } from '../../nn/scope.ts'
import { toOnnx } from '../../nn/onnx/to-onnx.ts'
import { optimize, PASSES } from '../../nn/passes/optimize.ts'
import { input, type Tensor } from '../../nn/tensor.ts'
import { leastOptions } from '../support/architectures.ts'
import { fixture } from '../support/files.ts'
import { largest, maxDifference, run, runOnnx, type Value } from '../support/run.ts'
import { samplesDiffer, type Samples } from '../support/samples.ts'
import { seededFloats, seededImage, seededStateDict, seededWeights } from '../support/seeded.ts'

interface Figures { shape: number[], sum: number, first: number[], last: number[] }
interface Forward { backbone: Figures[], neck: Figures[], output_logits: Figures, rows: number[], cols: number[], samples: number[][] }
const forward: Record<string, Forward> = fixture('forward-seeded.json')
const reference: { taps: Record<string, Samples> } = fixture('nanodet-m-416.json')
/** As a share of the largest value. */
const TOLERANCE = 1e-5
const real = REGISTRY.get('nanodet-m-416')!

const feed = (size: number) => ({ image: { dims: [1, 3, size, size], data: seededImage(size) } })
const imageOf = (size: number) => input('image', [1, 3, size, size])

/** What is run: the graph as the layers say it, and what the passes make of it. */
const GRAPHS = { 'as written': [], optimized: PASSES }
const outputsOf = (outputs: Record<string, Tensor>, passes: typeof PASSES) =>
  Object.fromEntries(optimize({ outputs: new Map(Object.entries(outputs)) }, passes).outputs)

for (const [form, passes] of Object.entries(GRAPHS)) {
  t.test(`with the real weights, every stage equals upstream's PyTorch, ${form}`, async t => {
    const { taps, predictions } = buildNetwork(real, await loadWeights(real), imageOf(416))
    const outputs = Object.fromEntries(Object.keys(reference.taps).map(name => [name, taps.get(name) ?? predictions]))
    const results = await run(outputsOf(outputs, passes), feed(416))
    for (const [name, samples] of Object.entries(reference.taps)) t.ok(samplesDiffer(results[name]!, samples) < 1e-5, name)
  })
}

for (const [name, config, form, passes] of [...REGISTRY].flatMap(([name, config]) =>
  Object.entries(GRAPHS).map(([form, passes]) => [name, config, form, passes] as const))) {
  t.test(`${name} with seeded weights equals upstream's PyTorch, ${form}`, async t => {
    const golden = forward[name]!
    const { features, levels, predictions } = buildNetwork(config, weightsFor(config), imageOf(config.input.width))
    const named = (stem: string, list: typeof features) => list.map(({ tensor }, i) => [`${stem}${i}`, tensor] as const)
    const outputs = Object.fromEntries([...named('backbone', features), ...named('neck', levels), ['output', predictions]])
    const results = await run(outputsOf(outputs, passes), feed(config.input.width))
    golden.backbone.forEach((figures, i) => t.ok(differs(results[`backbone${i}`]!, figures) < TOLERANCE))
    golden.neck.forEach((figures, i) => t.ok(differs(results[`neck${i}`]!, figures) < TOLERANCE))
    const output = results['output']!
    t.ok(differs(output, golden.output_logits) < TOLERANCE)
    const index = golden.rows.flatMap(row => golden.cols.map(column => row * output.dims[2]! + column))
    t.ok(samplesDiffer(output, { ...golden.output_logits, index, value: golden.samples.flat() }) < TOLERANCE)
  })
}

t.test('there are figures of every model, and of no other', async t => t.same(Object.keys(forward).sort(), [...REGISTRY.keys()].sort()))

t.test('a compiled model takes a photo\'s pixels', async t => {
  const weights = await loadWeights(real)
  const size = compile(real, weights, { passes: [] }).length
  t.ok(size > 3.7e6 && size < 4e6)
  t.ok(compile(real, weights).length < 1.2 * size)
  const { image, predictions } = buildOnPixels(real, zeros(true))
  t.same(image.shape, [1, 3, 416, 416])
  t.same(predictions.shape, [1, 3549, 112])
  t.match([INPUT_NAME, OUTPUT_NAME], ['pixels', 'output'])
})

const backbones = BACKBONES.map(spec => backboneSchema.parse(leastOptions(spec)))
const necks = NECKS.map(spec => neckSchema.parse({ ...leastOptions(spec), out_channels: 32 }))
const points = { feat_channels: 32, stacked_convs: 1, strides: [8, 16, 32], offset: 0.5 }
const heads = HEADS.map(spec => headSchema.parse({ ...leastOptions(spec), ...points }) as ModelConfig['head'])
for (const backbone of backbones) {
  t.test(`${backbone.name} goes with every neck and every head`, async t => {
    for (const neck of necks) {
      for (const head of heads) {
        const strides = [8, 16, 32, 64].slice(0, 3 + (neckSpecOf(neck).extraLevels?.(neck) ?? 0))
        const parts = { backbone, neck, head: { ...head, strides } }
        const config: ModelConfig = { ...real, ...parts, labels: ['one', 'two', 'three'], input: { width: 96, height: 64 } }
        const runsToo = neck.name === 'tan' // whose operators are the most unusual
        const { features, levels, predictions, params } = buildOnImage(config, runsToo ? seededWeights : zeros(false))
        t.same([features, levels].map(list => list.map(({ stride }) => stride)), [[8, 16, 32], strides])
        const points = strides.reduce((sum, stride) => sum + Math.ceil(64 / stride) * Math.ceil(96 / stride), 0)
        t.same(predictions.shape, [1, points, 3 + 4 * 8])
        t.ok([...params.keys()].every(name => /^(backbone|fpn|head)\./.test(name)))
        t.ok(toOnnx(optimize({ outputs: new Map([['output', predictions]]) })).length > 1e5)
        if (runsToo) await runs(t, predictions)
      }
    }
  })
}

t.test('every layer is the same in both forms', async t => {
  for (const [config, weights] of [[real, await loadWeights(real)], [REGISTRY.get('nanodet-plus-m-320')!, seededWeights]] as const) {
    const { taps } = buildNetwork(config, weights, imageOf(64))
    const written = await run(Object.fromEntries(taps), feed(64))
    const optimized = await run(outputsOf(Object.fromEntries(taps), PASSES), feed(64))
    for (const [name, { data }] of Object.entries(written)) {
      t.ok(maxDifference(data, optimized[name]!.data) <= 1e-5 * largest(data), name)
    }
  }
})

async function runs (t: Test, predictions: Tensor) {
  const data = seededFloats('input', 3 * 64 * 96, u => 4 * u - 2)
  const { output } = await run(outputsOf({ output: predictions }, PASSES), { image: { dims: [1, 3, 64, 96], data } })
  t.same(output!.dims, predictions.shape)
  t.ok(output!.data.every(Number.isFinite))
}

t.test('a shared layer\'s values are outputs of their own', async t => {
  const head = heads.find(({ name }) => name === 'gfl-head')!
  const config: ModelConfig = { ...real, head, input: { width: 96, height: 64 } }
  const onnx = compile(config, seededWeights, { layers: ['head.gfl_cls@p3', 'head.gfl_cls@p5'] })
  const session = await InferenceSession.create(onnx)
  const results = await session.run({ pixels: new OrtTensor('uint8', new Uint8Array(96 * 64 * 3), [1, 64, 96, 3]) })
  t.same(results['head.gfl_cls@p3']!.dims, [1, 80, 8, 12])
  t.same(results['head.gfl_cls@p5']!.dims, [1, 80, 2, 3])
  await session.release()
})

t.test('stages that a backbone does not have are refused', async t => {
  for (const [outStages, count] of [[[], 0], [[1], 0], [[3, 4, 5], 2], [[2, 2], 1]] as const) {
    const config = { ...real, backbone: { name: 'shufflenetv2', width: '0.5x', outStages } } as const
    const message = `shufflenetv2 has ${count} of the stages [${outStages.join(', ')}]`
    t.throws(() => buildNetwork(config, zeros(false), imageOf(64)), { name: 'NetworkError', message })
  }
})

t.test('one graph serves every size that 32 divides', async t => {
  const { predictions } = buildNetwork(real, await loadWeights(real), input('image', ['N', 3, 'H', 'W']))
  t.same(predictions.shape, ['N', 'H/8*W/8+H/16*W/16+H/32*W/32', 112])
  const image = { dims: [2, 3, 64, 96], data: new Float32Array(2 * 3 * 64 * 96).fill(1) }
  const { output } = await run({ output: predictions }, { image })
  t.same(output!.dims, [2, 96 + 24 + 6, 112])
})

t.test('an input that is not a multiple of 32 is padded right and below with the mean color', async t => {
  const config: ModelConfig = { ...real, resizeMode: 'stretch', input: { width: 90, height: 60 } }
  const pixels = Uint8Array.from(seededFloats('pixels', 60 * 90 * 3, u => 255 * u))
  const { mean, std } = config.normalization
  const padded = new Float32Array(3 * 64 * 96)
  for (let i = 0; i < pixels.length; i++) {
    const [y, x, channel] = [Math.floor(i / 270), Math.floor(i / 3) % 90, 2 - i % 3]
    padded[channel * 64 * 96 + y * 96 + x] = (pixels[i]! - mean[channel]!) / std[channel]!
  }
  const image = { dims: [1, 3, 64, 96], data: padded }
  const { expected } = await run({ expected: buildOnImage(config, seededWeights).predictions }, { image })
  for (const passes of [[], PASSES]) {
    const onnx = compile(config, seededWeights, { passes })
    const { output } = await runOnnx(onnx, { [INPUT_NAME]: { dims: [1, 60, 90, 3], data: pixels } })
    t.same(output!.dims, [1, 96 + 24 + 6, 112])
    t.ok(maxDifference(output!.data, expected!.data) <= 1e-5 * largest(expected!.data))
  }
})

t.test('a head with fewer strides than there are levels passes over the last ones', async t => {
  const config = { ...REGISTRY.get('nanodet-plus-m-320')!, input: { width: 96, height: 64 } }
  const fewer = { ...config, head: { ...config.head, strides: [8, 16, 32] } }
  const feeds = { image: { dims: [1, 3, 64, 96], data: seededFloats('input', 3 * 64 * 96, u => 4 * u - 2) } }
  const { all, first } = await run({
    all: buildOnImage(config, seededWeights).predictions, first: buildOnImage(fewer, seededWeights).predictions
  }, feeds)
  t.same([all!.dims, first!.dims], [[1, 96 + 24 + 6 + 2, 112], [1, 96 + 24 + 6, 112]])
  t.same(first!.data, all!.data.slice(0, first!.data.length))
  t.equal(buildOnImage(fewer, seededWeights).levels.length, 4, 'its parameters are in the checkpoint')
})

t.test('parts may have activations of their own', async t => {
  const acts = { neck: 'ReLU', head: 'SiLU' } as const
  const config: ModelConfig = { ...REGISTRY.get('nanodet-plus-m-320')!, input: { width: 96, height: 64 }, acts }
  const { owners } = buildOnImage(config, seededWeights)
  const opsOf = (part: string): Set<string> => new Set([...owners].filter(([, owner]) => owner.startsWith(part)).map(([{ op }]) => op))
  t.ok(opsOf('backbone').has('LeakyRelu') && !opsOf('backbone').has('Relu'))
  t.ok(opsOf('fpn').has('Relu') && !opsOf('fpn').has('LeakyRelu'))
  t.ok(opsOf('head').has('Sigmoid') && !opsOf('head').has('LeakyRelu'))
})

t.test('a checkpoint that does not fit is refused by name', async t => {
  const weights = await loadWeights(real)
  const other = REGISTRY.get('nanodet-m-1.5x-416')!
  t.throws(() => buildNetwork(other, weights, imageOf(416)), {
    message: 'backbone.stage2.0.branch1.2: parameter backbone.stage2.0.branch1.2.weight is [58, 24, 1, 1] in the checkpoint, the network needs [88, 24, 1, 1]'
  })
})

/** The difference from the figures, as a share of the largest value. */
function differs (value: Value, { shape, sum, first, last }: Figures): number {
  const index = [...first.keys(), ...last.map((_, i) => value.data.length - last.length + i)]
  return samplesDiffer(value, { shape, sum, index, value: [...first, ...last] })
}

/** RepVGG's figures are those of its training form. */
function weightsFor ({ backbone, act }: ModelConfig): Weights {
  if (backbone.name !== 'repvgg') return seededWeights
  const scope = Scope.root(seededWeights)
  repVgg({ ...backbone, form: 'train', act: ACTIVATIONS[act] })(imageOf(64), scope.at('backbone'))
  const { parameters } = reparameterize(seededStateDict(scope.params))
  return { folded: false, get: (name, shape) => parameters.get(name)?.data ?? seededWeights.get(name, shape) }
}
