import t from 'tap'
import { listLayers } from '../../../../models/layers.ts'
import { isObjectOutput, planFor } from '../../../../server/dialects/kserve/outputs.ts'
import { MODEL } from '../../../support/built-in.ts'

const model = { layers: listLayers(MODEL, true) }
const bytes = (...names: string[]) => names.map(name => ({ name, binary: true }))
const json = (...names: string[]) => names.map(name => ({ name, binary: false }))
const plan = (wanted = bytes('boxes'), { isRaw = false, maxBytes = 2 ** 20 } = {}) => planFor(wanted, model, isRaw, maxBytes)

t.test('objects, predictions and layers', async t => {
  t.same(plan(), { objects: true, predictions: false, layers: [] })
  t.same(plan(bytes('output'), { isRaw: true }), { objects: false, predictions: true, layers: [] })
  const { objects, predictions, layers } = plan(bytes('stage4', 'labels', 'output', 'backbone.stage4'))
  t.same([objects, predictions], [true, true])
  t.match(layers, [{ name: 'backbone.stage4', label: 'stage4' }, { name: 'backbone.stage4', label: 'backbone.stage4' }])
})

t.test('which outputs are about objects', async t => {
  t.same(bytes('boxes', 'scores', 'class_ids', 'labels', 'output', 'p3').map(isObjectOutput), [true, true, true, true, false, false])
})

t.test('an unknown name, and the nearest', async t => {
  t.throws(() => plan(bytes('boxs')), { code: 'UNKNOWN_LAYER', message: /^outputs: unknown output boxs; the nearest are boxes, / })
  for (const name of ['stage4,stage3', '*', '', '__proto__', 'x'.repeat(200)]) t.throws(() => plan(bytes(name)), { code: 'UNKNOWN_LAYER' })
  t.throws(() => plan(bytes('boxs'), { isRaw: true }), { message: /^((?!boxes).)*$/ })
})

t.test('a network alone finds no objects', async t => {
  t.throws(() => plan(bytes('output', 'boxes'), { isRaw: true }), { code: 'INVALID_PARAMETER', message: /use the model without \.raw/ })
})

t.test('more than may be sent is refused before it is computed; numbers as text are longer', async t => {
  const length = 464 * 13 * 13 * 4
  t.equal(plan(bytes('stage4'), { maxBytes: length }).layers.length, 1)
  t.throws(() => plan(bytes('stage4', 'stage4'), { maxBytes: length }), { code: 'REPLY_TOO_LARGE' })
  t.throws(() => plan(json('stage4'), { maxBytes: length }), { code: 'REPLY_TOO_LARGE', message: /or for binary_data/ })
})
