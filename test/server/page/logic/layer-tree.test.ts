import t from 'tap'
import type { Layer, Summary } from '../../../../client/types.ts'
import { compact, idOf, layerTree, openRows, shapeText } from '../../../../server/page/logic/layer-tree.ts'

const layer = (name: string, more: Partial<Layer> = {}): Layer =>
  ({ name, shape: [1, 8, 4, 4], dtype: 'float32', stride: 8, parameters: 0, ...more })
const cost = (name: string, kind = ''): Summary['layers'][number] => ({ name, kind, parameters: 5, macs: 10, accesses: 1 })
const summary: Summary = {
  model: 'm',
  input: [1, 3, 32, 32],
  folded: true,
  operators: [],
  totals: { parameters: 5, macs: 10, accesses: 1 },
  guidelines: [],
  layers: [cost('backbone'), cost('backbone.conv'), cost('backbone.conv.0', 'Conv 3×3'), cost('backbone.conv.1', 'LeakyRelu'), cost('head')]
}
const layers = [
  layer('backbone.conv', { alias: 'stem' }), layer('backbone.conv.1'), layer('head', { shape: [1, 16, 6], alias: 'all' }), layer('head.cls'),
  layer('head.cls@p3')
]

t.test('layers with costs are a tree, below the input', async t => {
  const tree = layerTree(layers, summary)
  t.match(tree, [
    { name: 'input', shape: [1, 3, 32, 32], level: 1, children: [] },
    {
      name: 'backbone',
      title: 'backbone',
      level: 1,
      macs: 10,
      obstacle: /several outputs/,
      children: [{
        name: 'backbone.conv',
        title: 'conv',
        level: 2,
        alias: 'stem',
        stride: 8,
        parameters: 5,
        obstacle: undefined,
        children: [{ title: '0', kind: 'Conv 3×3', level: 3, obstacle: /batch norm/ }, { title: '1', obstacle: undefined }]
      }]
    },
    { name: 'head', obstacle: /not a feature map/, children: [{ title: 'cls', children: [{ name: 'head.cls@p3', title: '@p3', level: 3 }] }] }
  ])
  t.same(tree.map(idOf), ['input', 'backbone', 'all'])
})

t.test('layers of an ONNX file have no costs, and those without a parent are outermost', async t => {
  const tree = layerTree([layer('conv', { parameters: 3 }), layer('stage.0'), layer('stage.0.act'), layer('stage.1')])
  t.match(tree, [{ title: 'conv', parameters: 3, macs: undefined }, { title: 'stage.0', children: [{ title: 'act' }] }, { title: 'stage.1' }])
})

t.test('rows are the open nodes and their children', async t => {
  const tree = layerTree(layers, summary)
  t.same(openRows(tree, new Set()).map(({ title }) => title), ['input', 'backbone', 'head'])
  t.same(openRows(tree, new Set(['backbone', 'backbone.conv'])).map(({ title }) => title), ['input', 'backbone', 'conv', '0', '1', 'head'])
  t.same(openRows(tree, new Set(['backbone.conv'])).length, 3, 'a closed parent hides open ones')
})

t.test('numbers are short', async t => {
  t.same([7, 950_123, 578e6, 2.5e9].map(compact), ['7', '950 k', '578 M', '2.5 G'])
  t.same([shapeText([1, 8, 4, 2]), shapeText([1, 16, 6])], ['8 × 4 × 2', '1 × 16 × 6'])
})
