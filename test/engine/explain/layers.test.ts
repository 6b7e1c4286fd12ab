import t from 'tap'
import { explainedLayers } from '../../../engine/explain/layers.ts'
import { listLayers } from '../../../models/layers.ts'
import { MODEL } from '../../support/built-in.ts'

t.test('the stages and the levels of the neck', async t => {
  t.same(explainedLayers(listLayers(MODEL, true)).map(({ label }) => label), ['stage2', 'stage3', 'stage4', 'p3', 'p4', 'p5'])
})

t.test('a graph without short names has none', async t => {
  t.same(explainedLayers(listLayers(MODEL, true).map(({ alias, ...layer }) => layer)), [])
})
