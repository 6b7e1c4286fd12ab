import t from 'tap'
import { nearest } from '../../models/nearest.ts'

const NAMES = ['stage2', 'stage3', 'stage4', 'stem', 'Head']

t.test('the nearest names come first, whatever their case', async t => {
  t.same(nearest('stge3', NAMES, { count: 2 }), ['stage3', 'stage2'])
  t.same(nearest('HAED', NAMES, { count: 1 }), ['Head'])
  t.same(nearest('stem', [], { count: 3 }), [])
})

t.test('names that differ more than they may are left out', async t => {
  t.same(nearest('stag3', NAMES, { count: 9, maxEdits: 1 }), ['stage3'])
  t.same(nearest('unicorn', NAMES, { count: 9, maxEdits: 2 }), [])
})

t.test('long names are compared with none', async t => {
  t.same(nearest('x'.repeat(65), NAMES, { count: 1 }), [])
  t.equal(nearest('x'.repeat(64), NAMES, { count: 1 }).length, 1)
})
