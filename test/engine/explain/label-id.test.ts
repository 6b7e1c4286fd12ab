import t from 'tap'
import { labelId } from '../../../engine/explain/label-id.ts'

const LABELS = ['person', 'tench, Tinca tinca', 'car', 'car']

t.test('one label, also with a comma', async t => {
  t.equal(labelId('person', LABELS), 0)
  t.equal(labelId(' tench, Tinca tinca', LABELS), 1)
  t.equal(labelId('car', LABELS), 2)
  t.equal(labelId('car,', LABELS), 2)
})

t.test('unknown labels, and several', async t => {
  t.throws(() => labelId('persn', LABELS), { message: 'the model has no label persn; did you mean person?' })
  t.throws(() => labelId('person,car', LABELS), { message: 'expected one label' })
  for (const nothing of ['', ' ', ' , ']) t.throws(() => labelId(nothing, LABELS), { message: 'expected one label' })
})
