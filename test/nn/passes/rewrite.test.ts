import t from 'tap'
import { topologicalOrder } from '../../../nn/graph.ts'
import * as op from '../../../nn/ops.ts'
import { constantOf, madeBy, remake, rewrite } from '../../../nn/passes/rewrite.ts'
import { floats, input, integers, type Node } from '../../../nn/tensor.ts'
import { operators } from '../../support/passes.ts'

const x = input('x', [1, 2, 4, 4])

t.test('a rule sees nodes over rewritten inputs; names go where their values go', async t => {
  const inner = op.relu(x)
  const y = op.sigmoid(inner)
  const graph = { outputs: new Map([['y', y]]), names: new Map([['inner', inner], ['y', y], ['x', x]]) }
  const { outputs, names } = rewrite(graph, node => node.op === 'Relu' ? op.elu(node.inputs[0]!) : undefined)
  t.same(operators(outputs.values()), ['Elu', 'Sigmoid'])
  t.equal(madeBy('Sigmoid', outputs.get('y'))!.inputs[0], names!.get('inner'))
  t.equal(names!.get('x'), x)
})

t.test('operators keep the owners of those that they replace', async t => {
  const inner = op.relu(x)
  const y = op.sigmoid(inner)
  const nodes = [inner, y].map(({ source }) => (source as { node: Node }).node)
  const graph = { outputs: new Map([['y', y]]), owners: new Map(nodes.map((node, i) => [node, `layer${i}`])) }
  const { outputs, owners } = rewrite(graph, node => node.op === 'Relu' ? op.elu(node.inputs[0]!) : undefined)
  t.same(topologicalOrder(outputs.values()).map(node => [node.op, owners!.get(node)]), [['Elu', 'layer0'], ['Sigmoid', 'layer1']])
  const bypassed = rewrite(graph, node => node.op === 'Relu' ? x : undefined)
  t.same([...bypassed.owners!.values()], ['layer1'])
})

t.test('what is looked through stays where it is an output itself', async t => {
  const inner = op.relu(x)
  const { outputs } = rewrite({ outputs: new Map([['y', op.sigmoid(inner)], ['inner', inner]]) }, node => node.op === 'Sigmoid' ? op.elu(x) : undefined)
  t.same(operators(outputs.values()), ['Elu', 'Relu'])
  t.equal(outputs.get('inner'), inner)
})

t.test('a node that nothing changes stays itself, with all its outputs', async t => {
  const [left, right] = op.split(x, [1, 1])
  const { outputs } = rewrite({ outputs: new Map([['left', left!], ['right', right!]]) }, () => undefined)
  t.same([...outputs.values()], [left, right])
  const changed = rewrite({ outputs: new Map([['right', op.split(op.relu(x), [1, 1])[1]!]]) }, ({ op: name }) => name === 'Relu' ? x : undefined)
  t.same(operators(changed.outputs.values()), ['Split'])
})

t.test('remake, madeBy, constantOf', async t => {
  const node = madeBy('Relu', op.relu(x))!
  t.same(remake(node, [x], [[1, 3, 4, 4]]).outputs[0]!.shape, [1, 3, 4, 4])
  t.equal(madeBy('Relu', x), undefined)
  t.equal(madeBy('Sigmoid', op.relu(x)), undefined)
  t.same(constantOf(floats([1], Float32Array.of(2))), Float32Array.of(2))
  t.equal(constantOf(integers([1])), undefined)
  t.equal(constantOf(x), undefined)
})
