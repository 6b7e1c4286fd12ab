import t from 'tap'
import { toYolo } from '../../../server/formats/yolo.ts'
import { FOUND, NOTHING } from '../../support/found.ts'

t.test('a line for each object, in shares of the image', async t => {
  t.same(toYolo(FOUND).split('\n'), [
    '0 0.530213 0.545287 0.92701 0.905071 0.824235',
    '27 0.440634 0.882701 0.143921 0.234597 0.711906',
    ''
  ])
  t.equal(toYolo(NOTHING), '')
})
