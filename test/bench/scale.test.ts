import t from 'tap'
import { scale } from '../../bench/scale.ts'
import { call } from '../support/io.ts'

t.test('a line for each number of workers', async t => {
  const { exitCode, stdout, stderr } = await call(scale, ['--workers', '1,2', '--seconds', '1', '--sleep-ms', '50'])
  t.equal(stderr, '')
  t.equal(exitCode, 0)
  t.match(stdout, /│ workers │ +ideal\/s │ +requests\/s │ +failed │/)
  t.match(stdout, /│ +1 │ +20 │ +[\d.]+ │ +0 │/)
  t.match(stdout, /│ +2 │ +40 │ +[\d.]+ │ +0 │/)
})

t.test('--json', async t => {
  const { stdout } = await call(scale, ['--workers', '2', '--seconds', '1', '--bytes', '100000', '--json'])
  const { machine, levels } = JSON.parse(stdout)
  t.match(machine, { cores: Number })
  t.match(levels, [{ workers: 2, ideal: 62.5, concurrency: 4, failed: 0, requests_per_second: Number }])
  t.ok(levels[0].requests_per_second <= 70, 'workers sleep')
})
