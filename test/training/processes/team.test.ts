import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { initialValues } from '../../../training/run-arrays.ts'
import { Layout } from '../../../training/layout.ts'
import { Team } from '../../../training/processes/team.ts'
import type { StepOutcome } from '../../../training/processes/trainer.ts'
import { drawSquares, tinySpec } from '../../support/tiny-training.ts'

const folder = t.testdir({
  // Answers as a worker does until it computes a step, which kills it.
  'mortal.js': `import { answerParent } from ${JSON.stringify(new URL('../../../engine/processes/child.js', import.meta.url).href)}
    const nothing = async () => null
    answerParent({ prepare: async () => ({ parameters: [], norms: [], losses: [], peakBytes: 0 }), load: nothing, step: async () => process.exit(3) })`
})
const [unreadable, ...pictures] = await drawSquares(folder, 6)
const spec = { ...tinySpec(pictures, 3), examples: [...pictures.slice(0, 3), unreadable!] }
const options = { workers: 2, cacheBytes: 2 ** 20 }
/** Compares values as text: tap is slow with large arrays. */
const texts = (outcomes: readonly StepOutcome[]): string[] => outcomes.map(({ losses, values }) => JSON.stringify([losses, ...values]))
const microBatches = [[0, 1], [2, 0], [1, 2]].map((photos, i) => ({ epoch: 0, first: 2 * i, photos }))

t.test('micro-batches are computed by whoever is free, and answered in order', async t => {
  const team = await Team.start(spec, options)
  t.teardown(() => team.close())
  t.equal(new Set(team.pids).size, 2)
  t.ok(team.rss.every(bytes => bytes > 2 ** 25))
  const values = initialValues(new Layout(team.plan), spec.initial)
  const all = await team.step(values, microBatches)
  for (const [i, microBatch] of microBatches.entries()) t.same(texts(await team.step(values, [microBatch])), texts([all[i]!]))
  const found = await team.predict(values)
  t.equal(found.length, 2, 'the last group is not full')
  t.notSame((await team.step(values.map(value => value / 2), [microBatches[0]!]))[0]!.losses, all[0]!.losses)

  process.kill(team.pids[0]!, 'SIGKILL')
  t.same(texts(await team.step(values, microBatches)), texts(all), 'with a replacement')
  const running = team.step(values, microBatches)
  process.kill(team.pids[1]!, 'SIGKILL')
  t.same(texts(await running), texts(all), 'killed while it computed')

  writeFileSync(unreadable!.path, 'no picture')
  const failing = team.step(values, [{ epoch: 0, first: 0, photos: [0, 3] }])
  await t.rejects(failing, { code: 'WORKER_FAILED', message: /square-0\.png: / }, 'an unreadable photo')
})

t.test('workers that die again and again end the run', async t => {
  const team = await Team.start(spec, { ...options, program: { path: join(folder, 'mortal.js') } })
  t.teardown(() => team.close())
  await t.rejects(team.step(new Float32Array(), microBatches), { code: 'WORKERS_DIED', message: /^3 worker processes died; .* exited with code 3/ })
})

t.test('a network that can\'t be prepared is refused', async t => {
  const parameters = new Map([...spec.initial.parameters].slice(1))
  await t.rejects(Team.start({ ...spec, trained: spec.trained.slice(1), initial: { ...spec.initial, parameters } }, { ...options, workers: 1 }), { code: 'WORKER_FAILED', message: /backbone/ })
})
