import t from 'tap'
import { Estimates } from '../../../engine/scheduler/estimates.ts'

t.test('nothing is known before the first job', async t => {
  const estimates = new Estimates()
  t.equal(estimates.of(), 0)
  t.equal(estimates.of('detect m'), 0)
  t.equal(estimates.known('detect m'), undefined)
})

t.test('each kind has a mean of its own, which follows slowly', async t => {
  const estimates = new Estimates()
  estimates.took('detect m', 400)
  t.equal(estimates.of('detect m'), 400)
  estimates.took('detect m', 200)
  t.equal(estimates.of('detect m'), 380)
  estimates.took('classify kinds', 10)
  t.equal(estimates.of('classify kinds'), 10)
  t.equal(estimates.of('detect m'), 380)
  for (let i = 0; i < 100; i++) estimates.took('detect m', 50)
  t.ok(Math.abs(estimates.of('detect m') - 50) < 1)
})

t.test('a kind that has not run yet is expected to take as long as all do', async t => {
  const estimates = new Estimates()
  estimates.took('detect m', 400)
  estimates.took('classify kinds', 200)
  t.equal(estimates.of('detect other'), 380)
  t.same([estimates.known('detect m'), estimates.known('detect other')], [400, undefined])
  t.equal(estimates.of(), 380)
})
