import t from 'tap'
import { toHuggingFace } from '../../../server/formats/huggingface.ts'
import { FOUND, NOTHING } from '../../support/found.ts'

t.test('a bare list with boxes in whole pixels', async t => {
  t.same(toHuggingFace(FOUND), [
    { score: 0.8242, label: 'person', box: { xmin: 47, ymin: 65, xmax: 696, ymax: 698 } },
    { score: 0.7119, label: 'tie', box: { xmin: 258, ymin: 536, xmax: 359, ymax: 700 } }
  ])
  t.same(toHuggingFace(NOTHING), [])
})
