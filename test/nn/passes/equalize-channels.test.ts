import t from 'tap'
import { compile, graphOnPixels } from '../../../models/network.ts'
import { REGISTRY } from '../../../models/registry.ts'
import { hasOwnSize } from '../../../models/resize-mode.ts'
import { OUTPUT_NAME } from '../../../models/tensor-names.ts'
import { NetworkError } from '../../../nn/errors.ts'
import { topologicalOrder, type Graph } from '../../../nn/graph.ts'
import { toOnnx } from '../../../nn/onnx/to-onnx.ts'
import * as op from '../../../nn/ops.ts'
import { ChannelGroups } from '../../../nn/passes/channel-groups.ts'
import { equalizeChannels, type ChannelFactors } from '../../../nn/passes/equalize-channels.ts'
import { foldBatchNorms } from '../../../nn/passes/fold-batch-norms.ts'
import { optimize } from '../../../nn/passes/optimize.ts'
import { constantOf } from '../../../nn/passes/rewrite.ts'
import { floats, type Tensor } from '../../../nn/tensor.ts'
import { IMAGE, numbers, sameValues } from '../../support/passes.ts'
import { largest, maxDifference, runOnnx } from '../../support/run.ts'
import { seeded, seededWeights } from '../../support/seeded.ts'

const conv = (name: string, x: Tensor, out = 4, groups = 1): Tensor =>
  op.conv(x, floats([out, x.channels / groups, 1, 1], numbers(name, out * x.channels / groups)), floats([out], numbers(`${name}.bias`, out)), { groups })

const a = conv('a', IMAGE)
const b = conv('b', op.leakyRelu(a, 0.1), 4, 4)
const names = new Map([['a', a], ['b', b], ['image', IMAGE]])
const FACTORS = { a: [2, 0.5, 4, 0.125], b: [3, 1, 0.1, 7] }

t.test('outputs keep their values, whether their channels are divided or not', async t => {
  const equalize = (graph: Graph): Graph => equalizeChannels(FACTORS)({ ...graph, names })
  t.same(await sameValues(t, equalize, { y: conv('y', b) }), ['Conv', 'LeakyRelu', 'Conv', 'Conv'])
  t.same(await sameValues(t, equalize, { y: conv('y', b), b }), ['Conv', 'LeakyRelu', 'Conv', 'Conv', 'Mul'])
})

t.test('channels are divided by their factors', t => {
  const { names: after } = equalizeChannels(FACTORS)({ outputs: new Map([['y', conv('y', b)]]), names })
  const biasOf = (x: Tensor): Float32Array => constantOf((x.source as Extract<Tensor['source'], { kind: 'node' }>).node.inputs[2])!
  t.same(biasOf(after!.get('a')!), biasOf(a).map((value, c) => value / FACTORS.a[c]!))
  t.end()
})

t.test('factors of another network are refused, by name', t => {
  const fails = (factors: ChannelFactors, name: string): void => {
    t.throws(() => equalizeChannels(factors)({ outputs: new Map([['y', op.add(conv('y', b), b)]]), names: new Map([...names, ['y', b]]) }),
      new NetworkError(`int8: no such channels: ${name}; the calibration table belongs to another model or version`))
  }
  fails({ c: [1] }, 'c')
  fails({ a: [1, 2] }, 'a')
  fails({ image: Array<number>(8).fill(2) }, 'image')
  fails({ b: [1, 2, 3, 4], y: [1, 2, 3, 5] }, 'y')
  t.end()
})

/** A factor between 1/16 and 16 for every channel that can have one. */
function factorsFor (graph: Graph): ChannelFactors {
  const groups = new ChannelGroups(graph)
  const named = new Map([...graph.names!].map(([name, x]) => [x, name]))
  const computed = topologicalOrder(graph.outputs.values()).filter(({ op }) => op === 'Conv').flatMap(({ outputs }) => outputs)
  const factorOf = (group: number | undefined): number => group === undefined ? 1 : 2 ** (8 * seeded(String(group))() - 4)
  return Object.fromEntries(computed.filter(x => named.has(x)).map(x => [named.get(x)!, groups.of(x).map(factorOf)]))
}

for (const [name, { input, ...config }] of REGISTRY) {
  t.test(`${name} computes the same with equalized channels`, async t => {
    const small = { ...config, input: hasOwnSize(config.resizeMode) ? input : { width: 96, height: 96 } }
    const { width, height } = small.input
    const pixels = { dims: [1, height, width, 3], data: Uint8Array.from({ length: 3 * height * width }, (_, i) => i * 7919 % 256) }
    const graph = optimize(graphOnPixels(small, seededWeights), [foldBatchNorms])
    const factors = factorsFor(graph)
    t.comment(`${Object.values(factors).flat().filter(factor => factor !== 1).length} channels`)
    const found = (await runOnnx(toOnnx(equalizeChannels(factors)(graph)), { pixels }))[OUTPUT_NAME]!
    const expected = (await runOnnx(compile(small, seededWeights, { passes: [] }), { pixels }))[OUTPUT_NAME]!
    t.same(found.dims, expected.dims)
    t.ok(maxDifference(found.data, expected.data) <= 1e-4 * largest(expected.data))
  })
}
