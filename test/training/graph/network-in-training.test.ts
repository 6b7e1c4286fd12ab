import t from 'tap'
import { gradients } from '../../../nn/gradients/gradients.ts'
import { topologicalOrder } from '../../../nn/graph.ts'
import { floats, input, type Tensor } from '../../../nn/tensor.ts'
import { parametersInTraining } from '../../../training/graph/auxiliary.ts'
import { networkInTraining } from '../../../training/graph/network-in-training.ts'
import { configOf } from '../../support/training.ts'
import { seededStateDict } from '../../support/seeded.ts'

const image = input('image', [2, 3, 64, 64])
const config = configOf('nanodet-plus-m-320', 64, 64, 3)
const initial = seededStateDict(parametersInTraining(config, true))
const all = [...initial.parameters.keys()].filter(name => !/\.running_(mean|var)$/.test(name))
const of = (options: object) =>
  networkInTraining({ config, initial, trained: all, batchStatistics: false, auxiliary: true, ...options }, image)

const operators = (outputs: readonly Tensor[]): string[] => topologicalOrder(outputs).map(({ op }) => op)
const ones = (x: Tensor): Tensor => floats(x.shape, new Float32Array(x.shape.reduce<number>((size, dim) => size * Number(dim), 1)).fill(1))

t.test('trained parameters are inputs, and frozen norms are part of the convolutions', async t => {
  const { heads, trained, statistics } = of({})
  t.same([...trained.keys()].toSorted(), all.toSorted())
  t.same(heads.map(({ shape }) => shape), [[2, 35, 85], [2, 35, 85]])
  t.notOk(operators(heads).includes('BatchNormalization'))
  t.equal(statistics.size, 0)
})

t.test('norms that use their batch\'s statistics report these', async t => {
  const { statistics, heads } = of({ batchStatistics: true })
  t.equal(statistics.size, [...initial.parameters.keys()].filter(name => name.endsWith('.running_var')).length)
  t.ok(operators(heads).includes('BatchNormalization'))
})

t.test('a detached auxiliary head trains itself alone', async t => {
  const names = ['backbone.conv1.0.weight', 'fpn.reduce_layers.0.conv.weight', 'aux_fpn.reduce_layers.0.conv.weight', 'aux_head.gfl_cls.bias']
  const reached = (isAuxiliaryDetached: boolean): boolean[] => {
    const { heads: [, auxiliary], trained, detached } = of({ isAuxiliaryDetached })
    const found = gradients([auxiliary!], [ones(auxiliary!)], names.map(name => trained.get(name)!), { detached })
    return found.map(x => !operators([x]).includes('ConstantOfShape') || operators([x]).length > 1)
  }
  t.same(reached(false), [true, true, true, true])
  t.same(reached(true), [false, false, true, true])
})
