import { fileURLToPath } from 'node:url'
import t from 'tap'
import { compareStarts } from '../../bench/compare-starts.ts'

const MAIN = fileURLToPath(new URL('../../server/main.js', import.meta.url)) // the tests run compiled, in dist/test

process.env['WORKERS'] = '1' // is sooner ready

t.test('start and memory of two builds', async t => {
  const [time, ...memory] = await compareStarts({ a: MAIN, b: MAIN }, 1)
  t.match(time, { name: 'start to ready, ms', rounds: 1 })
  t.ok(time!.a > 100 && time!.b > 100)
  t.equal(memory.length, process.platform === 'linux' ? 2 : 0)
  if (process.platform !== 'linux') return
  const [rss, pss] = memory
  t.match([rss, pss], [{ name: 'ready: resident MiB' }, { name: 'ready: proportional MiB' }])
  t.ok(rss!.a > 50 && rss!.a < 2000 && rss!.b > 50)
  t.ok(pss!.a > 20 && pss!.a <= rss!.a)
})

t.test('a build that does not start', t =>
  t.rejects(compareStarts({ a: MAIN, b: 'none.js' }, 1), { name: 'CommandError', message: /^The server did not start: / }))
