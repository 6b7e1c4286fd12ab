import t from 'tap'
import { Session } from '../../../engine/session.ts'
import { Batch, runAlone, type RunNetwork } from '../../../engine/tasks/batch.ts'
import { compileModel } from '../../../models/kinds/kinds.ts'
import { seededModel, SMALL } from '../../support/model-files.ts'
import { seededFloats } from '../../support/seeded.ts'

const { width, height } = SMALL.input
const picture = (name: string) =>
  ({ ...SMALL.input, padded: SMALL.input, pixels: Uint8Array.from(seededFloats(name, width * height * 3, u => 256 * u)) })
const [one, two, three] = ['one', 'two', 'three'].map(picture)
const model = seededModel(SMALL)

t.test('pictures of a batch give the predictions that each gives alone', async t => {
  for (const isBatched of [true, false]) {
    const session = await Session.create(compileModel(model, [], undefined, { isBatched }), 1)
    t.teardown(() => session.release())
    t.equal(session.isBatched, isBatched)
    const batch = new Batch(3)
    const jobs = [one!, two!, three!].map(picture => batch.join(run => run(session, picture)))
    for (const [i, { outputs: { output }, ms }] of (await Promise.all(jobs)).entries()) {
      const alone = (await runAlone(session, [one!, two!, three!][i]!)).outputs['output']!
      t.same(output!.dims, alone.dims)
      t.same(output!.data, alone.data, `picture ${i}, isBatched ${isBatched}`)
      t.ok(ms > 0)
    }
  }
})

t.test('a job that fails, before its picture or after, does not affect the others', async t => {
  const session = await Session.create(compileModel(model, [], undefined, { isBatched: true }), 1)
  t.teardown(() => session.release())
  const batch = new Batch(4)
  const fails = (when: Promise<unknown>) => async (_run: RunNetwork) => { await when; throw new Error('damaged') }
  const early = t.rejects(batch.join(fails(Promise.resolve())), { message: 'damaged' })
  const after = t.rejects(batch.join(async run => { await run(session, two!); throw new Error('no font') }), { message: 'no font' })
  const found = batch.join(run => run(session, one!))
  const late = t.rejects(batch.join(fails(new Promise(resolve => setTimeout(resolve, 20)))), { message: 'damaged' })
  t.same((await found).outputs['output']!.data, (await runAlone(session, one!)).outputs['output']!.data)
  await Promise.all([early, after, late])
  await t.rejects(new Batch(1).join(fails(Promise.resolve())), { message: 'damaged' }, 'nothing is left to run')
})

t.test('a run that fails fails its pictures', async t => {
  const session = await Session.create(compileModel(model, [], undefined, { isBatched: true }), 1)
  t.teardown(() => session.release())
  const batch = new Batch(2)
  const wrong = { ...one!, pixels: new Uint8Array(10) }
  const jobs = [wrong, wrong].map(picture => t.rejects(batch.join(run => run(session, picture)), { message: /size/i }))
  await Promise.all(jobs)
})
