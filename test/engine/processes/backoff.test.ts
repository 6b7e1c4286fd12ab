import t from 'tap'
import { backoff } from '../../../engine/processes/backoff.ts'

t.test('no delay, then twice the one before, up to half a minute', async t => {
  t.same([0, 1, 2, 3, 8, 50].map(backoff), [0, 250, 500, 1000, 30_000, 30_000])
})
