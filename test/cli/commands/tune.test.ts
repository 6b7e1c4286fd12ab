import t from 'tap'
import { splitsOf, tune as command } from '../../../cli/commands/tune.ts'
import { availableCpus } from '../../../engine/cpu-quota.ts'
import { photo } from '../../support/files.ts'
import { call } from '../../support/io.ts'
import { ownModels } from '../../support/own-models.ts'

const tune = (...argv: string[]) => call(command, argv)

t.test('splits that use all cores they can', async t => {
  const splits = (cores: number): string => splitsOf(cores).map(({ workers, threads }) => `${workers}×${threads}`).join(' ')
  t.equal(splits(1), '1×1')
  t.equal(splits(2), '2×1 1×2')
  t.equal(splits(3), '3×1 1×3')
  t.equal(splits(8), '8×1 4×2 2×4 1×8')
})

t.test('a short try', async t => {
  const folder = t.testdir({ 'a.jpg': photo('sample-me.jpg') })
  const { exitCode, stdout, stderr } = await tune('--seconds', '1', '--images', folder, '--json')
  t.equal(stderr, '')
  t.equal(exitCode, 0)
  const { trials, latency, throughput } = JSON.parse(stdout)
  t.match(trials, splitsOf(availableCpus()).map(split => ({ ...split, p50_ms: Number, requests_per_second: Number })))
  for (const trial of trials) t.ok(trial.p50_ms >= latency.p50_ms && trial.requests_per_second <= throughput.requests_per_second)
})

t.test('a table for a model of the user\'s', async t => {
  const { folder, photos } = ownModels(t)
  const { stdout } = await tune('--seconds', '1', '--model', `${folder}/small.yml`, '--images', photos)
  t.match(stdout, /│ workers │ threads │ p50 alone, ms │ requests\/s │/)
  t.match(stdout, /for latency: {4}WORKERS=\d+ THREADS=\d+\nfor throughput: WORKERS=\d+ THREADS=\d+\n$/)
})

t.test('wrong arguments and missing photos', async t => {
  t.match(await tune('--seconds', 'long'), { exitCode: 2, stdout: '', stderr: /^--seconds: expected a whole number from 1 to 600, found long/ })
  t.match(await tune('--images', `${t.testdir()}/none`), { exitCode: 1, stderr: /none: no such file or directory/ })
  const folder = t.testdir({ 'a.jpg': 'no photo' })
  t.match(await tune('--images', folder, '--seconds', '1'), { exitCode: 1, stderr: /^The server failed on \d+ of \d+ photos/ })
})
