import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { weightsOf } from '../../../models/checkpoints/state-dict.ts'
import { exportRaw } from '../../../models/export.ts'
import { opaque } from '../../../models/kinds/opaque.ts'
import { compileOpaque } from '../../../models/opaque/graph.ts'
import { detectorConfig, seededModel, SMALL } from '../../support/model-files.ts'

const onnx = exportRaw(SMALL, weightsOf(seededModel(SMALL).stateDict))
const config = detectorConfig(onnx, 'graph')

t.test('a graph is read and compiled unchanged', async t => {
  const checkpoint = join(t.testdir(), 'graph.onnx')
  await writeFile(checkpoint, onnx)
  const model = await opaque.read({ kind: 'opaque', name: 'graph', checkpoint, config })
  t.ok(Buffer.from(opaque.compile(model, [])).equals(compileOpaque(onnx, config)))
  t.same(opaque.layers(model), [], 'the file does not declare them')
  const layer = { name: 'p3', shape: [1, 8], dtype: 'float32', parameters: 0 } as const
  t.same(opaque.layers({ ...model, layers: [layer] }), [layer])
  const other = { ...config, labels: ['cat'] }
  await t.rejects(opaque.read({ kind: 'opaque', name: 'graph', checkpoint, config: other }), { name: 'ModelFileError' })
})

t.test('descriptions leave out unknown parts', async t => {
  t.same(opaque.describe(config), { resizeMode: 'letterbox', strides: [8, 16, 32] })
  t.notOk(opaque.summarize ?? opaque.weightsOrigin ?? opaque.takesCalibration)
})
