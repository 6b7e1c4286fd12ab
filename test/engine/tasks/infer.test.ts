import { deserialize, serialize } from 'node:v8'
import t from 'tap'
import { DEFAULT_OPTIONS } from '../../../engine/options.ts'
import { infer } from '../../../engine/tasks/infer.ts'
import { features } from '../../../engine/tasks/features.ts'
import { chooseLayers } from '../../../models/choose-layers.ts'
import { describeModel, readModel } from '../../../models/kinds/kinds.ts'
import { listLayers } from '../../../models/layers.ts'
import { ARTIFACT, MODEL } from '../../support/built-in.ts'
import { photo } from '../../support/files.ts'
import { SMALL_CLASSIFIER } from '../../support/model-files.ts'

t.test('detectors support it, classifiers do not', async t => {
  t.ok(infer.supports(describeModel(ARTIFACT)))
  t.notOk(infer.supports(describeModel({ kind: 'classifier', config: SMALL_CLASSIFIER })))
})

t.test('it shares with features what is prepared and built: see loader.ts and worker.ts', async t => {
  t.equal(infer.prepare, features.prepare)
  t.equal(infer.build, features.build)
})

t.test('what is prepared in one process is built and run in another', async t => {
  const prepared = deserialize(serialize(await infer.prepare(await readModel(ARTIFACT))))
  const inspector = await infer.build(prepared, { threads: 1 })
  const input = { bytes: photo('sample-me.jpg'), maxPixels: 50e6, options: DEFAULT_OPTIONS, layers: chooseLayers('p5', listLayers(MODEL, true)), predictions: false }
  const output = deserialize(serialize(await infer.run(inspector, input)))
  t.same(output.objects.map(({ label }: { label: string }) => label), ['person', 'tie'])
  t.same(output.tensors, [{ name: 'p5', dtype: 'float32', shape: [1, 96, 13, 13], bytes: 4 * 96 * 13 * 13 }])
  t.same(Object.keys(output.times), ['decode', 'preprocess', 'inference', 'postprocess'])
  await infer.release(inspector)
})
