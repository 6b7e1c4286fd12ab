import t from 'tap'
import { readFields } from '../../../../server/dialects/deepstack/fields.ts'
import { cpuTime } from '../../../support/cpu-time.ts'

t.test('min_confidence', async t => {
  const confidence = (given: Record<string, unknown>) => readFields(given).minConfidence
  t.equal(confidence({}), 0.4)
  t.equal(confidence({ min_confidence: '' }), 0.4)
  t.equal(confidence({ min_confidence: '0.45' }), 0.45)
  t.equal(confidence({ minConfidence: ' .5 ' }), 0.5)
  t.equal(confidence({ min_confidence: '0' }), 0)
  for (const text of ['x', '-1', 'NaN', '0x1', '1,5', '.', '5.', '1..5', 'e5']) {
    t.throws(() => confidence({ min_confidence: text }), { message: 'Invalid value for min_confidence' }, text)
  }
  t.throws(() => confidence({ min_confidence: '1.1' }), { message: 'min_confidence cannot be greater than 1' })
})

t.test('labels', async t => {
  t.equal(readFields({ labels: 'person,traffic light' }).labels, 'person,traffic light')
  t.equal(readFields({ labels: '' }).labels, undefined)
  t.throws(() => readFields({ labels: 'x'.repeat(5000) }), { message: /4096/ })
})

t.test('a million digits that are no number do not hold up the event loop', async t => {
  const ms = cpuTime(() => {
    t.throws(() => readFields({ min_confidence: `${'1'.repeat(1e6)}x` }), { message: 'Invalid value for min_confidence' })
  })
  t.ok(ms < 500, `${ms} ms`)
})
