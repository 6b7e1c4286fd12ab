import t from 'tap'
import { chooseLayers } from '../../models/choose-layers.ts'
import { listLayers } from '../../models/layers.ts'
import { REGISTRY } from '../../models/registry.ts'

const layers = listLayers(REGISTRY.get('nanodet-m-416')!, true)
const choose = (text: string) => chooseLayers(text, layers)

t.test('paths and short names, in the order asked for, each layer once', async t => {
  t.same(choose('p3, backbone.stage2,stage2').map(({ name, label }) => [name, label]), [['fpn.p3', 'p3'], ['backbone.stage2', 'backbone.stage2']])
  t.same(choose('stage2').map(({ name, label, stride }) => [name, label, stride]), [['backbone.stage2', 'stage2', 8]])
})

t.test('globs', async t => {
  const names = choose('backbone.stage3.*').map(({ name }) => name)
  t.ok(names.length > 30)
  t.ok(names.every(name => name.startsWith('backbone.stage3.')))
  t.same(choose('*').length, layers.length)
  t.same(choose('pred*').map(({ label }) => label), ['pred3', 'pred4', 'pred5'])
  t.throws(() => choose('backbone.stage[3]*'), { name: 'UnknownLayerError' })
})

t.test('a name that there is not comes with the nearest', async t => {
  t.throws(() => choose('stage9'), { message: 'there is no layer stage9; the nearest are stage2, stage3, stage4' })
  t.throws(() => choose('stage2,backbone.stage3.8'), { layer: 'backbone.stage3.8', nearest: Array } as never)
  t.throws(() => choose(' ,'), { message: /there is no layer without a name; the nearest are stem, stage2/ })
})
