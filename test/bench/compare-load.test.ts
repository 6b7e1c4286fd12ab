import { fileURLToPath } from 'node:url'
import t from 'tap'
import { compareLoad } from '../../bench/compare-load.ts'
import { photo } from '../support/files.ts'

const MAIN = fileURLToPath(new URL('../../server/main.js', import.meta.url)) // the tests run compiled, in dist/test
const LOAD = { clients: 2, turns: 2, seconds: 0.5 }

process.env['WORKERS'] = '1' // is sooner ready

t.test('two builds under load', async t => {
  const measures = await compareLoad({ a: MAIN, b: MAIN }, [{ path: 'a.jpg', bytes: photo('sample-me.jpg') }], LOAD)
  const names = ['requests/s', 'p50, ms', 'p95, ms']
  const onlyLinux = ['CPU ms per request', 'main thread, CPU ms per request', 'resident MiB under load']
  t.same(measures.map(({ name }) => name), process.platform === 'linux' ? [...names, ...onlyLinux] : names)
  for (const { name, a, b, ratio, rounds } of measures) t.ok(a > 0 && b > 0 && ratio > 0.1 && ratio < 10 && rounds === 2, name)
})

t.test('a photo that is none', t =>
  t.rejects(compareLoad({ a: MAIN, b: MAIN }, [{ path: 'a.jpg', bytes: Buffer.from('text') }], LOAD), { name: 'CommandError', message: /failed on \d+ of \d+ photos/ }))

t.test('a build that does not start', t =>
  t.rejects(compareLoad({ a: MAIN, b: 'none.js' }, [], LOAD), { name: 'CommandError', message: /^The server did not start: / }))
