import t from 'tap'
import { count, DETECT_HELP, DETECT_OPTIONS, readDetectOptions, readPrecision } from '../../cli/detect-options.ts'
import { DEFAULT_OPTIONS } from '../../engine/options.ts'
import { COCO_LABELS } from '../../models/labels.ts'

const read = (values: Parameters<typeof readDetectOptions>[0]) => readDetectOptions(values, COCO_LABELS)

t.test('what is left out is as upstream has it', async t => {
  t.strictSame(read({}), { ...DEFAULT_OPTIONS, classes: undefined })
})

t.test('what is given is read', async t => {
  t.strictSame(read({ 'score-threshold': '.1', 'iou-threshold': '1', 'max-detections': '7', classes: 'tie, person' }),
    { scoreThreshold: 0.1, iouThreshold: 1, maxDetections: 7, classes: [27, 0] })
})

t.test('what is no number and no label is refused with its option', async t => {
  t.throws(() => read({ 'score-threshold': '1.1' }), { name: 'UsageError', message: '--score-threshold: expected a number from 0 to 1, found 1.1' })
  t.throws(() => read({ 'iou-threshold': '' }), { name: 'UsageError', message: '--iou-threshold: expected a number from 0 to 1, found nothing' })
  t.throws(() => read({ 'max-detections': '1e3' }), { name: 'UsageError', message: /^--max-detections: .* found 1e3$/ })
  t.throws(() => read({ classes: 'unicorn' }), { name: 'UsageError', message: /^--classes: .*unicorn/ })
})

t.test('a count is a whole number above 0', async t => {
  t.strictSame([count('n', undefined), count('n', '64')], [undefined, 64])
  for (const wrong of ['0', '-1', '1.5', '', '9999999']) t.throws(() => count('n', wrong), { name: 'UsageError', message: /^--n: / }, wrong)
})

t.test('the help names every option', async t => {
  for (const option of Object.keys(DETECT_OPTIONS)) t.match(DETECT_HELP, `--${option} `)
})

t.test('float unless int8 is asked for', async t => {
  t.same([readPrecision(), readPrecision('fp32'), readPrecision('int8')], ['fp32', 'fp32', 'int8'])
  for (const wrong of ['fp16', 'INT8', '']) {
    t.throws(() => readPrecision(wrong), { name: 'UsageError', message: `--precision: expected fp32 or int8, found ${wrong || 'nothing'}` })
  }
})
