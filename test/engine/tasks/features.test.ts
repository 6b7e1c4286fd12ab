import { deserialize, serialize } from 'node:v8'
import t from 'tap'
import { DEFAULT_OPTIONS } from '../../../engine/options.ts'
import { features } from '../../../engine/tasks/features.ts'
import { weightsOf } from '../../../models/checkpoints/state-dict.ts'
import { chooseLayers } from '../../../models/choose-layers.ts'
import { exportRaw } from '../../../models/export.ts'
import { describeModel, readModel } from '../../../models/kinds/kinds.ts'
import { listLayers } from '../../../models/layers.ts'
import { ARTIFACT, MODEL } from '../../support/built-in.ts'
import { photo } from '../../support/files.ts'
import { detectorConfig, seededModel, SMALL, SMALL_CLASSIFIER } from '../../support/model-files.ts'

t.test('all detectors support it, classifiers do not', async t => {
  const opaque = detectorConfig(exportRaw(SMALL, weightsOf(seededModel(SMALL).stateDict)), 'graph')
  t.ok(features.supports(describeModel({ kind: 'detector', config: SMALL })))
  t.ok(features.supports(describeModel({ kind: 'opaque', config: opaque })))
  t.notOk(features.supports(describeModel({ kind: 'classifier', config: SMALL_CLASSIFIER })))
})

t.test('what is prepared in one process is built and run in another', async t => {
  const prepared = deserialize(serialize(await features.prepare(await readModel(ARTIFACT))))
  const inspector = await features.build(prepared, { threads: 1 })
  const { objects, body, times } = await features.run(inspector, {
    bytes: photo('sample-me.jpg'),
    maxPixels: 50e6,
    options: DEFAULT_OPTIONS,
    layers: chooseLayers('p5', listLayers(MODEL, true)),
    rendering: { format: 'npy', values: false, channels: 64, reduce: 'l2' }
  })
  t.same(objects.map(({ label }) => label), ['person', 'tie'])
  t.match(Buffer.concat(body).toString('latin1', 0, 80), /NUMPY.*\(1, 96, 13, 13\)/s)
  t.same(Object.keys(times), ['decode', 'preprocess', 'inference', 'postprocess', 'render'])
  await features.release(inspector)
})
