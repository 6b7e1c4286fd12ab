import t from 'tap'
import { backoff } from '../../engine/backoff.ts'

t.test('no delay, then twice the one before, up to the longest', async t => {
  const delays = { first: 250, longest: 30_000 }
  t.same([0, 1, 2, 3, 8, 50].map(failures => backoff(failures, delays)), [0, 250, 500, 1000, 30_000, 30_000])
})
