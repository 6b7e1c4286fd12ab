import t from 'tap'
import { toClasses, toDetections, toExplained, toFeatureMaps } from '../../api/results.ts'

const image = { width: 4, height: 3, format: 'png', orientation: 6, pages: 1, space: 'srgb' } as const
const times = { queue: 1, decode: 2, preprocess: 3, inference: 4, postprocess: 5, total: 15, render: 9 }
const timing = { queue: 1, decode: 2, preprocess: 3, inference: 4, postprocess: 5, total: 15 }

t.test('detections', async t => {
  const objects = [{ label: 'cat', classId: 0, score: 0.5, box: [1, 2, 3, 4] as const }]
  t.same(toDetections('m', { image, objects, times }), {
    model: 'm',
    image: { width: 4, height: 3 },
    detections: [{ label: 'cat', classId: 0, score: 0.5, box: { x1: 1, y1: 2, x2: 3, y2: 4 } }],
    timing
  })
})

t.test('an explanation in pieces', async t => {
  const bytes = Buffer.from('{"candidates":[]}')
  const { explanation, ...found } = toExplained('m', { image, objects: [], times, body: [bytes.subarray(0, 5), bytes.subarray(5)] })
  t.same(explanation, { candidates: [] })
  t.same(found, { model: 'm', image: { width: 4, height: 3 }, detections: [], timing })
})

t.test('classes', async t => {
  const classes = [{ label: 'cat', classId: 0, score: 1 }]
  t.same(toClasses('m', { image, classes, times }), { model: 'm', image: { width: 4, height: 3 }, classes, timing })
})

t.test('feature maps from chunks that begin and end anywhere', async t => {
  const bytes = new Uint8Array(Float32Array.of(1, 2, 3, 4, 5, 6).buffer)
  const maps = toFeatureMaps({
    objects: [],
    times,
    tensors: [
      { name: 'a', dtype: 'float32', shape: [1, 2], bytes: 8 },
      { name: 'b', dtype: 'float32', shape: [2, 2], bytes: 16 }
    ],
    body: [bytes.subarray(0, 5), bytes.subarray(5, 7), bytes.subarray(7)]
  })
  t.same([...maps.keys()], ['a', 'b'])
  t.same(maps.get('a'), { shape: [1, 2], data: Float32Array.of(1, 2) })
  t.same(maps.get('b'), { shape: [2, 2], data: Float32Array.of(3, 4, 5, 6) })
})
