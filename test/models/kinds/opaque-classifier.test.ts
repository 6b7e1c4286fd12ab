import { join } from 'node:path'
import t from 'tap'
import { buildClassifierOnImage } from '../../../models/classifier.ts'
import type { OpaqueClassifierConfig } from '../../../models/config.ts'
import { opaqueClassifier } from '../../../models/kinds/opaque-classifier.ts'
import { compileOpaqueClassifier } from '../../../models/opaque/classifier.ts'
import { guessOpaque } from '../../../models/opaque/guess.ts'
import { toOnnx } from '../../../nn/onnx/to-onnx.ts'
import { SMALL_CLASSIFIER } from '../../support/model-files.ts'
import { seededWeights } from '../../support/seeded.ts'

const onnx = Buffer.from(toOnnx({ outputs: new Map([['logits', buildClassifierOnImage(SMALL_CLASSIFIER, seededWeights).logits]]) }))
const config = guessOpaque(onnx, 'kinds').config as OpaqueClassifierConfig

t.test('a graph is read and compiled', async t => {
  const checkpoint = join(t.testdir({ 'kinds.onnx': onnx }), 'kinds.onnx')
  const model = await opaqueClassifier.read({ kind: 'opaque-classifier', name: 'kinds', checkpoint, config })
  t.ok(Buffer.from(opaqueClassifier.compile(model, [])).equals(compileOpaqueClassifier(onnx, config)))
  t.same(opaqueClassifier.layers(model), [])
  t.same(opaqueClassifier.describe(config), {})
  const artifact = { kind: 'opaque-classifier', name: 'kinds', checkpoint, config: { ...config, labels: ['cat'] } } as const
  await t.rejects(opaqueClassifier.read(artifact), { name: 'ModelFileError' })
})
