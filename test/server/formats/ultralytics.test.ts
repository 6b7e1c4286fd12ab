import t from 'tap'
import { toUltralytics } from '../../../server/formats/ultralytics.ts'
import { FOUND, NOTHING } from '../../support/found.ts'

t.test('a summary as ultralytics writes it', async t => {
  t.same(toUltralytics(FOUND), [
    { name: 'person', class: 0, confidence: 0.82424, box: { x1: 46.6957, y1: 64.92564, x2: 695.60303, y2: 698.47554 } },
    { name: 'tie', class: 27, confidence: 0.71191, box: { x1: 258.07166, y1: 535.7818, x2: 358.8162, y2: 700 } }
  ])
  t.same(toUltralytics(NOTHING), [])
})
