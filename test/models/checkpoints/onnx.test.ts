import { TensorProto_DataType as DataType } from 'onnx-buf'
import t from 'tap'
import { readOnnxCheckpoint } from '../../../models/checkpoints/onnx.ts'
import { weightsOf, type StateDict } from '../../../models/checkpoints/state-dict.ts'
import type { ModelConfig } from '../../../models/config.ts'
import { buildOnImage } from '../../../models/network.ts'
import { REGISTRY } from '../../../models/registry.ts'
import { loadStateDict } from '../../../models/weights.ts'
import type { Weights } from '../../../nn/scope.ts'
import { toOnnx } from '../../../nn/onnx/to-onnx.ts'
import * as op from '../../../nn/ops.ts'
import { asExported } from '../../support/exported.ts'
import { edited, inHalfPrecision, quantized } from '../../support/onnx-files.ts'
import { maxDifference } from '../../support/run.ts'
import { seededWeights } from '../../support/seeded.ts'

const legacy = REGISTRY.get('nanodet-m-0.5x')!
const plus = REGISTRY.get('nanodet-plus-m-320')!
const folded: Weights = { ...seededWeights, folded: true }

const readFor = (bytes: Uint8Array, config: ModelConfig): StateDict => readOnnxCheckpoint(bytes, weights => {
  const { params, predictions } = buildOnImage(config, weights)
  return { params, output: predictions }
})

function exported (config: ModelConfig, weights: Weights, keepName: (name: string) => boolean): Uint8Array {
  const { predictions, params } = buildOnImage(config, weights)
  return asExported(toOnnx({ outputs: new Map([['output', op.sigmoid(predictions)]]) }), [...params.keys()], keepName)
}

/** How many parameters are not those of the weights. */
function differing (config: ModelConfig, { parameters }: StateDict, weights: Weights): string[] {
  const { params } = buildOnImage(config, weights)
  return [...params].filter(([name, { shape }]) => {
    const found = parameters.get(name)
    return !found || maxDifference(found.data, weights.get(name, shape)) !== 0
  }).map(([name]) => name)
}

for (const config of [legacy, plus]) {
  t.test(`${config.name}: numbered parameters get their names back`, async t => {
    const stateDict = readFor(exported(config, folded, name => name.includes('lateral_convs') || name.includes('gfl_cls')), config)
    t.ok(stateDict.folded)
    t.same(differing(config, stateDict, folded), [])
    t.same(differing(config, readFor(exported(config, folded, () => false), config), folded), [])
  })

  t.test(`${config.name}: if batch norms are separate nodes, names count`, async t => {
    const stateDict = readFor(exported(config, seededWeights, () => true), config)
    t.notOk(stateDict.folded)
    t.same(differing(config, stateDict, seededWeights), [])
  })
}

t.test('the real weights, as upstream would have exported them', async t => {
  const real = REGISTRY.get('nanodet-m-416')!
  const weights = weightsOf(await loadStateDict(real))
  t.same(differing(real, readFor(exported(real, weights, () => false), real), weights), [])
})

t.test('half precision is converted, other types are refused', async t => {
  const bytes = exported(legacy, folded, () => false)
  const { parameters } = readFor(inHalfPrecision(bytes), legacy)
  for (const [name, { data, shape }] of parameters) t.ok(maxDifference(data, folded.get(name, shape)) < 1e-3, name)
  t.throws(() => readFor(quantized(bytes), legacy), {
    name: 'CheckpointError', message: /backbone\.conv1\.0\.weight is computed by DequantizeLinear, not a constant\. To run the file's own graph, remove the config beside it$/
  })
  const double = edited(exported(legacy, seededWeights, () => true), graph => {
    const tensor = graph.initializer.find(({ name }) => name === 'backbone.conv1.0.weight')!
    tensor.rawData = new Uint8Array(2 * tensor.rawData.length)
    tensor.dataType = DataType.DOUBLE
  })
  t.throws(() => readFor(double, legacy), { message: /backbone\.conv1\.0\.weight is float64, not float32 or float16/ })
})

t.test('the graph of another network is refused', async t => {
  const refused = (bytes: Uint8Array, config: ModelConfig, message: RegExp) =>
    t.throws(() => readFor(bytes, config), { name: 'CheckpointError', message })
  const bytes = exported(legacy, folded, () => false)
  refused(Buffer.from([8, 8, 58]), legacy, /^not a readable ONNX checkpoint: it is damaged or cut short/)
  refused(bytes, REGISTRY.get('nanodet-m')!, /the convolution for backbone\.stage2\.0\.branch1\.2\.weight is \[24, 24, 1, 1\], not \[58, 24, 1, 1\]/)
  refused(exported(plus, folded, () => false), legacy, /it has more convolutions than the network/)
  refused(bytes, { ...legacy, head: { ...legacy.head, stackedConvs: 3 } }, /no convolution is left for head\.cls_convs\.2\.\d/)
  refused(bytes, { ...legacy, head: { ...legacy.head, stackedConvs: 1 } }, /more convolutions/)
})

t.test('convolutions of the same shapes in another order are not confused', async t => {
  const { predictions, params } = buildOnImage(legacy, folded)
  const order = [...params.keys()].filter(name => !name.startsWith('head.')) // the head's towers come last, but which first is open
  const towers = [2, 1, 0].flatMap(level => [...params.keys()].filter(name => new RegExp(`^head\\.\\w+\\.${level}\\.`).test(name)))
  const bytes = asExported(toOnnx({ outputs: new Map([['output', predictions]]) }), [...order, ...towers], () => false)
  t.throws(() => readFor(bytes, legacy), { message: /for head\.cls_convs\.0\.0\.depthwise\.weight does not read the same values as the network's/ })
})
