import { deserialize, serialize } from 'node:v8'
import t from 'tap'
import { detect } from '../../../engine/tasks/detect.ts'
import { profile } from '../../../engine/tasks/profile.ts'
import { describeModel } from '../../../models/kinds/kinds.ts'
import { SMALL, SMALL_CLASSIFIER, seededModel } from '../../support/model-files.ts'

t.test('detectors support it, classifiers do not', async t => {
  t.ok(profile.supports(describeModel({ kind: 'detector', config: SMALL })))
  t.notOk(profile.supports(describeModel({ kind: 'classifier', config: SMALL_CLASSIFIER })))
})

t.test('it measures what detect runs', async t => { t.equal(profile.prepare, detect.prepare) })

t.test('what is prepared in one process is built and run in another', async t => {
  const prepared = deserialize(serialize(await profile.prepare(seededModel(SMALL))))
  const profiler = await profile.build(prepared, { threads: 1 })
  const output = deserialize(serialize(await profile.run(profiler, { bytes: new Uint8Array(), runs: 2, layers: ['backbone.conv1.1'] })))
  t.match(output, { runs: 2, threads: 1 })
  t.ok(output.layers.some(({ name }: { name: string }) => name === 'backbone.conv1'))
  t.same(Object.keys(output.times), ['decode', 'preprocess', 'inference', 'postprocess'])
  await profile.release(profiler)
})
