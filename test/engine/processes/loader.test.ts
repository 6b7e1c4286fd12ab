import { deserialize } from 'node:v8'
import t from 'tap'
import type { PreparedDetector } from '../../../engine/tasks/detect-pipeline.ts'
import { compileModel } from '../../../models/kinds/kinds.ts'
import { builtInArtifacts } from '../../../models/artifact.ts'
import { readModel } from '../../../models/kinds/kinds.ts'
import { readVersion } from '../../support/versions.ts'

t.test('workers get the compiled model, to the bit', async t => {
  const version = await readVersion(t)
  const { config, onnx } = deserialize(Buffer.concat(version.part('detect'))) as PreparedDetector
  const model = await readModel(builtInArtifacts()[0]!)
  t.same(config, model.config)
  t.equal(Buffer.compare(onnx, compileModel(model)), 0)
})

t.test('int8 has another graph', async t => {
  const version = await readVersion(t, { builtIn: 'nanodet-m-416', precision: 'int8' })
  t.equal(version.info.precision, 'int8')
  t.ok(version.part('detect').reduce((sum, { length }) => sum + length, 0) < 2e6)
})
