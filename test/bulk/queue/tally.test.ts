import t from 'tap'
import { canRetry, COLUMNS, failedIn, fromRows, MAX_COUNT, ROW, tallyOf, toRow } from '../../../bulk/queue/tally.ts'
import type { Line } from '../../../bulk/line.ts'

const failed = (code: string): Line => ({ file: 'a', stamp: '', sha256: '', error: { code, message: '' } } as Line)
const done = { file: 'b', stamp: '', sha256: '', objects: [] } as unknown as Line

t.test('counts results and failures by code', async t => {
  const tally = tallyOf([done, failed('CORRUPT_IMAGE'), done, failed('UNREADABLE'), failed('CORRUPT_IMAGE')])
  t.strictSame(tally, { done: 2, CORRUPT_IMAGE: 2, UNREADABLE: 1 })
  t.equal(failedIn(tally), 3)
  t.strictSame(tallyOf([]), {})
})

t.test('a row has two bytes a column', async t => {
  t.equal(ROW, 2 * COLUMNS.length)
  const [first, third] = [{ done: 500 }, { done: MAX_COUNT, EMPTY_BODY: 1, NOT_PROCESSED: 258 }]
  const rows = Buffer.concat([toRow(first), Buffer.alloc(ROW), toRow(third)])
  t.strictSame(fromRows(rows, 4), [first, undefined, third, undefined], 'zeros and missing rows are shards that are not done')
})

t.test('only some failures can end otherwise', async t => {
  t.equal(canRetry({ done: 3, CORRUPT_IMAGE: 2 }), false)
  t.equal(canRetry({ done: 3, UNREADABLE: 1 }), true)
  t.equal(canRetry({ NOT_PROCESSED: 1 }), true)
})
