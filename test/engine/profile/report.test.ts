import t from 'tap'
import { reportOf } from '../../../engine/profile/report.ts'

const run = (times: Record<string, number>) => Object.entries(times).map(([name, ms]) => ({ name, op: 'Conv', ms }))
const KNOWN = new Map([['cast', undefined], ['a.0', 'a.0'], ['Conv_1', 'a'], ['b', 'b'], ['f_nchwc', 'b']])

t.test('medians, by operator and by layer', async t => {
  const runs = [
    run({ cast: 1, 'a.0_nchwc': 2, Conv_1_token_7: 3, b: 4 }),
    run({ cast: 1, 'a.0_nchwc': 4, Conv_1_token_7: 3, b: 4 }),
    run({ cast: 9, 'a.0_nchwc': 3, Conv_1_token_7: 3, b: 4 })
  ]
  t.same(reportOf(runs, [10, 12, 11], KNOWN, true), {
    totalMs: 11,
    layers: [{ name: 'a', ms: 6 }, { name: 'a.0', ms: 3 }, { name: 'b', ms: 4 }],
    otherMs: 1,
    nodes: [
      { name: 'cast', op: 'Conv', ms: 1 },
      { name: 'a.0', op: 'Conv', layer: 'a.0', ms: 3 },
      { name: 'Conv_1', op: 'Conv', layer: 'a', ms: 3 },
      { name: 'b', op: 'Conv', layer: 'b', ms: 4 }
    ]
  })
})

t.test('the runtime\'s own operators count for the layer of the operator before them, and add up under one name', async t => {
  const names = ['ReorderInput', 'a.0', 'ReorderOutput_token_2', 'f_nchwc', 'ReorderInput']
  const { nodes } = reportOf([names.map(name => ({ name, op: 'x', ms: 1 }))], [5], KNOWN, true)
  t.same(nodes.map(({ name, layer, ms }) => [name, layer, ms]), [
    ['ReorderInput', undefined, 2], ['a.0', 'a.0', 1], ['ReorderOutput_token_2', 'a.0', 1], ['f_nchwc', 'b', 1]
  ])
})

t.test('layers of a file\'s graph are a list', async t => {
  const { layers } = reportOf([run({ 'a.0': 1, a: 2, 'a.0_nchwc': 4 })], [3], new Map([['a', 'a'], ['a.0', 'a.0']]), false)
  t.same(layers, [{ name: 'a.0', ms: 5 }, { name: 'a', ms: 2 }])
})
