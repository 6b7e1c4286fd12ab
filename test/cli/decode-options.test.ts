import t from 'tap'
import { z } from 'zod'
import { DECODE_OPTIONS, toDecodeOptions } from '../../cli/decode-options.ts'
import { DEFAULT_OPTIONS } from '../../engine/options.ts'
import { COCO_LABELS } from '../../models/labels.ts'

const read = (values: Record<string, string>) => toDecodeOptions(z.object(DECODE_OPTIONS).parse(values), COCO_LABELS)

t.test('defaults are upstream\'s', async t => {
  t.same(read({}), { ...DEFAULT_OPTIONS, classes: undefined })
})

t.test('labels become class ids', async t => {
  t.same(read({ scoreThreshold: '.1', iouThreshold: '1', maxDetections: '7', classes: 'tie, person' }),
    { scoreThreshold: 0.1, iouThreshold: 1, maxDetections: 7, classes: [27, 0] })
})

t.test('unknown labels are refused', async t => {
  t.throws(() => read({ classes: 'unicorn' }), { name: 'UsageError', message: /^--classes: .*unicorn/ })
})
