import t from 'tap'
import { between, dragged, gripAt, middle, nudged, surroundings, typed } from '../../../../server/page/logic/region.ts'

const PHOTO = { width: 100, height: 80 }
const REGION = [20, 20, 60, 50] as const
const ALL = { left: true, top: true, right: true, bottom: true }
const NONE = { left: false, top: false, right: false, bottom: false }

t.test('a drag in any direction makes a region inside the photo', async t => {
  t.same(between({ x: 60, y: 50 }, { x: 20, y: 20 }, PHOTO, 5), REGION)
  t.same(between({ x: 90, y: 70 }, { x: 130, y: 99 }, PHOTO, 5), [90, 70, 100, 80])
  t.same(between({ x: 1.26, y: 2 }, { x: 30.04, y: 40 }, PHOTO, 5), [1.3, 2, 30, 40], 'in tenths')
})

t.test('a small drag, or one outside the photo, makes none', async t => {
  t.equal(between({ x: 20, y: 20 }, { x: 60, y: 24 }, PHOTO, 5), undefined)
  t.equal(between({ x: -20, y: 20 }, { x: -5, y: 70 }, PHOTO, 0), undefined)
})

t.test('a drag takes hold of near sides, or of the whole region', async t => {
  t.same(gripAt({ x: 21, y: 19 }, REGION, 3), { ...NONE, left: true, top: true })
  t.same(gripAt({ x: 60, y: 35 }, REGION, 3), { ...NONE, right: true })
  t.same(gripAt({ x: 40, y: 52 }, REGION, 3), { ...NONE, bottom: true })
  t.same(gripAt({ x: 40, y: 35 }, REGION, 3), ALL)
  t.same(gripAt({ x: 21, y: 22 }, [20, 20, 22, 60], 3), { ...NONE, right: true, top: true }, 'the nearer of two, or the second')
  for (const [x, y] of [[10, 35], [70, 35], [40, 10], [40, 60]]) t.equal(gripAt({ x: x!, y: y! }, REGION, 3), undefined)
})

t.test('a moved region keeps its size, and a resized one its other sides', async t => {
  t.same(dragged(REGION, ALL, { x: 5, y: -3 }, PHOTO), [25, 17, 65, 47])
  t.same(dragged(REGION, ALL, { x: 500, y: -500 }, PHOTO), [60, 0, 100, 30])
  t.same(dragged(REGION, { ...NONE, left: true }, { x: 99, y: 9 }, PHOTO), [59, 20, 60, 50])
  t.same(dragged(REGION, { ...NONE, right: true, bottom: true }, { x: 99, y: -99 }, PHOTO), [20, 20, 100, 21])
})

t.test('keys move a region, or its right and bottom sides', async t => {
  t.same(nudged(REGION, { x: 1, y: 0 }, PHOTO, false), [21, 20, 61, 50])
  t.same(nudged(REGION, { x: 0, y: 2 }, PHOTO, true), [20, 20, 60, 52])
  t.same(middle({ width: 90, height: 60 }), [30, 20, 60, 40])
})

t.test('typed numbers make a region if it has an area on the photo', async t => {
  t.same(typed([20, 20, 60, 50], PHOTO), REGION)
  t.same(typed([20, 20, 600, 500], PHOTO), [20, 20, 100, 80])
  for (const wrong of [[60, 20, 20, 50], [20, 50, 60, 50], [NaN, 20, 60, 50], [200, 20, 300, 50]]) t.equal(typed(wrong, PHOTO), undefined)
})

t.test('surroundings stay on the photo', async t => {
  t.same(surroundings([50, 40, 54, 44], PHOTO), [32, 22, 72, 62])
  t.same(surroundings([0, 0, 10, 20], PHOTO), [0, 0, 60, 60])
  t.same(surroundings(REGION, PHOTO), [0, 0, 100, 80])
})
