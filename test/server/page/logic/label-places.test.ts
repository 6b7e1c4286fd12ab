import t from 'tap'
import { placeLabels } from '../../../../server/page/logic/label-places.ts'

const photo = { width: 100, height: 80 }
const label = { width: 30, height: 10 }

t.test('a label is above its box', async t => t.same(placeLabels([{ box: [20, 30, 60, 70], label }], photo), [{ x: 20, y: 20, isFree: true }]))

t.test('a label never leaves the photo', async t => {
  const wide = { width: 150, height: 10 }
  const boxes = [
    { box: [0, 0, 40, 40], label }, { box: [90, 70, 100, 80], label }, { box: [50, 50, 60, 60], label: wide }
  ] as const
  t.same(boxes.map(box => placeLabels([box], photo)[0]), [
    { x: 0, y: 0, isFree: true }, { x: 70, y: 60, isFree: true }, { x: 0, y: 40, isFree: true }
  ])
})

t.test('labels of the same place go inside, below and to the other side', async t => {
  const places = placeLabels(Array.from({ length: 9 }, () => ({ box: [20, 20, 90, 60], label })), photo)
  t.same(places.map(({ x, y }) => [x, y]), [[20, 10], [20, 20], [20, 50], [20, 60], [60, 10], [60, 20], [60, 50], [60, 60], [20, 10]])
  t.same(places.map(({ isFree }) => isFree), [...Array.from({ length: 8 }, () => true), false])
})
