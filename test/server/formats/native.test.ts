import t from 'tap'
import { toNative } from '../../../server/formats/native.ts'
import { detectReply } from '../../../server/schemas.ts'
import { FOUND } from '../../support/found.ts'

t.test('the server\'s own reply', async t => {
  const reply = toNative(FOUND)
  t.same(detectReply.parse(reply), reply)
  t.match(reply, {
    model: 'nanodet-m-416',
    image: { width: 700, height: 700 },
    detections: [
      { label: 'person', class_id: 0, score: 0.8242, box: { x1: 46.7, y1: 64.93, x2: 695.6, y2: 698.48 } },
      { label: 'tie', class_id: 27, score: 0.7119, box: { x1: 258.07, y1: 535.78, x2: 358.82, y2: 700 } }
    ],
    timing: { decode_ms: 5.34, total_ms: 21.6 }
  })
})
