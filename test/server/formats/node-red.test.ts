import t from 'tap'
import { toNodeRed } from '../../../server/formats/node-red.ts'
import { FOUND, NOTHING } from '../../support/found.ts'

t.test('annotations', async t => {
  t.same(toNodeRed(FOUND), [
    { type: 'rect', bbox: [46.7, 64.93, 648.91, 633.55], label: 'person' },
    { type: 'rect', bbox: [258.07, 535.78, 100.74, 164.22], label: 'tie' }
  ])
  t.same(toNodeRed(NOTHING), [])
})
