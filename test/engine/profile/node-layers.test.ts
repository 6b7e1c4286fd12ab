import t from 'tap'
import { layersOfNodes, ownLayers } from '../../../engine/profile/node-layers.ts'
import { builtInArtifacts } from '../../../models/artifact.ts'
import { compileModel, layersOf, readModel } from '../../../models/kinds/kinds.ts'
import { fromOnnx } from '../../../nn/onnx/from-onnx.ts'
import { toOnnx } from '../../../nn/onnx/to-onnx.ts'
import * as op from '../../../nn/ops.ts'
import { floats, input, type Tensor } from '../../../nn/tensor.ts'

const conv = (x: Tensor) => op.conv(x, floats([4, 4, 1, 1], new Float32Array(16)), undefined)

t.test('an operator without a name counts for its readers, or else for its inputs', async t => {
  const image = op.sub(input('image', [1, 4, 8, 8]), floats([1], Float32Array.of(1)))
  const stem = conv(image)
  const made = op.relu(conv(stem)) // both are read by a.0
  const left = conv(made)
  const shared = op.relu(left) // read by b.x and b.y
  const [x, y] = [conv(shared), conv(shared)]
  const between = op.add(x, y) // read by c and d: in b as its inputs are
  const [c, d] = [conv(between), conv(between)]
  const names = new Map([['stem', stem], ['a.0#1', left], ['b.x', x], ['b.y', y], ['c', c], ['d', d]])
  const onnx = toOnnx({ outputs: new Map([['output', op.add(c, d)]]), names })
  const layers = layersOfNodes(onnx, new Set(['stem', 'a.0', 'b.x', 'b.y', 'c', 'd']))
  const found = fromOnnx(onnx).nodes.map(({ op }, i) => [op, [...layers.values()][i]])
  t.same(found, [
    ['Sub', undefined], ['Conv', 'stem'], ['Conv', 'a.0'], ['Relu', 'a.0'], ['Conv', 'a.0'], ['Relu', 'b'], ['Conv', 'b.x'], ['Conv', 'b.y'],
    ['Add', 'b'], ['Conv', 'c'], ['Conv', 'd'], ['Add', undefined]
  ])
})

for (const precision of ['fp32', 'int8'] as const) {
  t.test(`every convolution of the built-in model has a layer: ${precision}`, async t => {
    const model = await readModel(builtInArtifacts(precision)[0]!)
    const onnx = compileModel(model)
    const layers = layersOfNodes(onnx, new Set(layersOf(model).map(({ name }) => name)))
    const convolutions = fromOnnx(onnx).nodes.flatMap(({ op }, i) => op === 'Conv' ? [[...layers.values()][i]] : [])
    t.ok(convolutions.length > 70)
    t.ok(convolutions.every(layer => layer !== undefined))
    t.equal(convolutions[0], 'backbone.conv1.1')
    t.equal(layers.get('output'), 'head.gfl_cls')
  })
}

t.test('layers of a file\'s graph are its operators', async t => {
  t.same([...ownLayers(new Set(['a', 'b.c']))], [['a', 'a'], ['b.c', 'b.c']])
})
