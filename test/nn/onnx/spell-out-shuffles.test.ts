import t from 'tap'
import { spellOutShuffles } from '../../../nn/onnx/spell-out-shuffles.ts'
import { toOnnx } from '../../../nn/onnx/to-onnx.ts'
import { topologicalOrder } from '../../../nn/graph.ts'
import * as op from '../../../nn/ops.ts'
import { input, type Tensor } from '../../../nn/tensor.ts'
import { run, runOnnx } from '../../support/run.ts'
import { seededFloats } from '../../support/seeded.ts'

const dims = [1, 12, 2, 3]
const x = input('x', dims)
const feeds = { x: { dims, data: seededFloats('x', 72, u => u) } }
const ops = (y: Tensor): string[] => topologicalOrder([y]).map(({ op }) => op)

for (const groups of [2, 3, 4, 6]) {
  t.test(`${groups} groups come out as they did`, async t => {
    const y = op.relu(op.channelShuffle(op.sigmoid(x), groups))
    const graph = spellOutShuffles({ outputs: new Map([['y', y]]) })
    t.same(ops(graph.outputs.get('y')!), ['Sigmoid', 'Reshape', 'Transpose', 'Reshape', 'Relu'])
    t.same((await runOnnx(toOnnx(graph), feeds))['y'], (await run({ y }, feeds))['y'])
  })
}

t.test('other uses of Gather stay', async t => {
  const backwards = Array.from({ length: 12 }, (_, c) => 11 - c)
  const picked = [backwards, [2, 1, 0], [0, 1, 2], [0]].map(indices => op.gather(x, indices, 1))
  for (const y of [...picked, op.gather(x, [1], 2)]) {
    t.same(ops(spellOutShuffles({ outputs: new Map([['y', y]]) }).outputs.get('y')!), ['Gather'])
  }
})

t.test('names and metadata stay', async t => {
  const shuffled = op.channelShuffle(x, 2)
  const [left, right] = op.split(shuffled, [4, 8])
  const names = new Map([['shuffle', shuffled], ['left', left!]])
  const graph = spellOutShuffles({ outputs: new Map([['right', right!]]), names, metadata: { a: 'b' } })
  t.match(graph.names!.get('shuffle')!.source, { kind: 'node', node: { op: 'Reshape' } })
  t.equal(topologicalOrder([graph.names!.get('left')!]).at(-1), topologicalOrder([graph.outputs.get('right')!]).at(-1))
  t.same(graph.metadata, { a: 'b' })
})
