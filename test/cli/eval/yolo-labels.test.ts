import t from 'tap'
import { parseYoloLabels, toPixels } from '../../../cli/eval/yolo-labels.ts'

t.test('boxes, and polygons as their boxes', async t => {
  const { objects, problems } = parseYoloLabels('\uFEFF2 0.5 0.5 0.25 0.5\r\n\n0  0.1 0.2 0.3 0.2 0.2 0.6\n', 'a.txt')
  t.same(problems, [])
  t.same(objects.map(({ classId }) => classId), [2, 0])
  t.same(objects[0]!.bbox, [0.375, 0.25, 0.25, 0.5])
  t.same(objects[1]!.bbox.map(value => Number(value.toFixed(9))), [0.1, 0.2, 0.2, 0.4])
  t.same(toPixels([0.375, 0.25, 0.25, 0.5], { width: 800, height: 200 }), [300, 50, 200, 100])
})

t.test('describes wrong lines', async t => {
  const lines = ['cat 0.5 0.5 1 1', '0.5 0.5 0.5 1 1', '-1 0.5 0.5 1 1', '0 0.5 0.5 1', '0 0.5 0.5 1 1 0.9', '0 320 240 50 50', '0 .5 .5 1.005 1']
  const { objects, problems } = parseYoloLabels(lines.join('\n'), 'a.txt')
  t.equal(objects.length, 1, 'a rounding error is none')
  t.same(problems, [
    'a.txt:1: expected numbers, found cat',
    'a.txt:2: expected a class id, found 0.5',
    'a.txt:3: expected a class id, found -1',
    'a.txt:4: expected class x y width height, or class and a polygon, found 4 values',
    'a.txt:5: expected class x y width height, or class and a polygon, found 6 values',
    'a.txt:6: expected shares of the image from 0 to 1, found 320'
  ])
})
