import t from 'tap'
import { SCORING_DIGITS, toDetections, toReply } from '../../engine/reply.ts'

const objects = [{ label: 'dog', classId: 16, score: 0.123456, box: [1.2345, 2, 3.999, 480] as const }]

t.test('numbers are rounded, names are those of the wire', async t => {
  const image = { width: 640, height: 480, format: 'jpeg', orientation: 1, pages: 1, space: 'srgb' } as const
  const times = { queue: 0, decode: 1.2345, preprocess: 2, inference: 3, postprocess: 4, total: 10.5 }
  t.same(toReply('nanodet-m-416', { image, objects, times }), {
    model: 'nanodet-m-416',
    image: { width: 640, height: 480 },
    detections: [{ label: 'dog', class_id: 16, score: 0.1235, box: { x1: 1.23, y1: 2, x2: 4, y2: 480 } }],
    timing: { decode_ms: 1.23, preprocess_ms: 2, inference_ms: 3, postprocess_ms: 4, total_ms: 10.5 }
  })
})

t.test('scoring takes more digits', async t => {
  t.same(toDetections(objects, SCORING_DIGITS), [{ label: 'dog', class_id: 16, score: 0.123456, box: { x1: 1.2345, y1: 2, x2: 3.999, y2: 480 } }])
})
