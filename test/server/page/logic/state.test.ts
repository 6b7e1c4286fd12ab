import t from 'tap'
import { DEFAULT_OPTIONS } from '../../../../engine/options.ts'
import { INITIAL } from '../../../../server/page/logic/state.ts'

t.test('the page starts with the thresholds that the server has by default', async t => {
  const { score, iou, max } = INITIAL
  t.same({ scoreThreshold: score, iouThreshold: iou, maxDetections: max }, DEFAULT_OPTIONS)
})
