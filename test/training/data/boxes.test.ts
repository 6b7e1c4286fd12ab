import t from 'tap'
import { warpedBox, warpedObjects } from '../../../training/data/boxes.ts'
import { scaling, translation, type Matrix } from '../../../training/data/matrix.ts'

const CANVAS = { width: 100, height: 100 }
const QUARTER_TURN: Matrix = [0, -1, 0, 1, 0, 0, 0, 0, 1]

t.test('a warped box is the hull of its corners', async t => {
  t.same(warpedBox(scaling(-1, 2), [1, 2, 3, 4]), [-3, 4, -1, 8])
  t.same(warpedBox(QUARTER_TURN, [1, 2, 3, 5]), [-5, 1, -2, 3])
})

t.test('objects are clipped, and dropped where little of them is left', async t => {
  const kept = (x: number) => warpedObjects(translation(x, 0), [{ box: [0, 0, 40, 40], label: 3 }], CANVAS)
  t.same(kept(80), [{ box: [80, 0, 100, 40], label: 3 }])
  t.equal(kept(95).length, 1)
  t.same(kept(97), [], 'less than a tenth')
  t.same(kept(200), [], 'outside')
  t.same(warpedObjects(scaling(0.04, 1), [{ box: [0, 0, 40, 40], label: 3 }], CANVAS), [], 'thinner than 2 pixels')
})
