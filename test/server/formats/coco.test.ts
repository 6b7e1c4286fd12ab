import t from 'tap'
import { toCoco } from '../../../server/formats/coco.ts'
import { FOUND, foundWith, NOTHING } from '../../support/found.ts'

t.test('results with COCO\'s own category ids', async t => {
  t.same(toCoco(FOUND, 42), [
    { image_id: 42, category_id: 1, bbox: [46.7, 64.93, 648.91, 633.55], score: 0.8242 },
    { image_id: 42, category_id: 32, bbox: [258.07, 535.78, 100.74, 164.22], score: 0.7119 }
  ])
  t.same(toCoco(NOTHING, 42), [])
})

t.test('other labels count from 1', async t => {
  t.match(toCoco(foundWith(['helmet', 'vest']), 0), [{ image_id: 0, category_id: 1 }, { image_id: 0, category_id: 2 }])
})
