import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { initialValues } from '../../../training/run-arrays.ts'
import { Layout } from '../../../training/layout.ts'
import { Team } from '../../../training/processes/team.ts'
import { drawSquares, tinySpec } from '../../support/tiny-training.ts'

const folder = t.testdir({
  // Answers as a worker does until it computes a step, which kills it.
  'mortal.js': `import { answerParent } from ${JSON.stringify(new URL('../../../engine/processes/child.js', import.meta.url).href)}
    const nothing = async () => null
    answerParent({ prepare: async () => ({ parameters: [], norms: [], losses: [], peakBytes: 0 }), load: nothing, step: async () => process.exit(3) })`
})
const spec = tinySpec(await drawSquares(folder, 5), 3)
const options = { workers: 2, cacheBytes: 2 ** 20 }
const microBatches = [[0, 1], [2, 0], [1, 2]].map((photos, i) => ({ epoch: 0, first: 2 * i, photos }))

t.test('micro-batches are computed by whoever is free, and answered in order', async t => {
  const team = await Team.start(spec, options)
  t.teardown(() => team.close())
  t.equal(new Set(team.pids).size, 2)
  t.ok(team.rss.every(bytes => bytes > 2 ** 25))
  const values = initialValues(new Layout(team.plan), spec.initial)
  const all = await team.step(values, microBatches)
  for (const [i, microBatch] of microBatches.entries()) t.same((await team.step(values, [microBatch]))[0], all[i])
  const found = await team.predict(values)
  t.equal(found.length, 2, 'the last group is not full')
  t.notSame((await team.step(values.map(value => value / 2), [microBatches[0]!]))[0]!.losses, all[0]!.losses)

  process.kill(team.pids[0]!, 'SIGKILL')
  t.same(await team.step(values, microBatches), all, 'with a replacement')
  const running = team.step(values, microBatches)
  process.kill(team.pids[1]!, 'SIGKILL')
  t.same(await running, all, 'killed while it computed')
})

t.test('workers that die again and again end the run', async t => {
  const team = await Team.start(spec, { ...options, program: { path: join(folder, 'mortal.js') } })
  t.teardown(() => team.close())
  await t.rejects(team.step(new Float32Array(), microBatches), { code: 'WORKERS_DIED', message: /^3 worker processes died; .* exited with code 3/ })
})

t.test('an unreadable photo ends the run with its path', async t => {
  const path = join(folder, 'broken.png')
  writeFileSync(path, 'no picture')
  const team = await Team.start({ ...spec, examples: [{ path, objects: [] }] }, { ...options, workers: 1 })
  t.teardown(() => team.close())
  const step = team.step(initialValues(new Layout(team.plan), spec.initial), [{ epoch: 0, first: 0, photos: [0, 0] }])
  await t.rejects(step, { code: 'WORKER_FAILED', message: /broken\.png: / })
})

t.test('a network that can\'t be prepared is refused', async t => {
  const parameters = new Map([...spec.initial.parameters].slice(1))
  await t.rejects(Team.start({ ...spec, trained: spec.trained.slice(1), initial: { ...spec.initial, parameters } }, options), { code: 'WORKER_FAILED', message: /backbone/ })
})
