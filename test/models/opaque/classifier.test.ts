import t from 'tap'
import { buildClassifierOnImage, compileClassifier } from '../../../models/classifier.ts'
import { compileOpaqueClassifier, classesOf } from '../../../models/opaque/classifier.ts'
import { guessOpaque } from '../../../models/opaque/guess.ts'
import type { OpaqueClassifierConfig } from '../../../models/config.ts'
import { INPUT_NAME, OUTPUT_NAME } from '../../../models/tensor-names.ts'
import { toOnnx } from '../../../nn/onnx/to-onnx.ts'
import * as op from '../../../nn/ops.ts'
import { input, type Tensor } from '../../../nn/tensor.ts'
import { SMALL_CLASSIFIER } from '../../support/model-files.ts'
import { inHalfPrecision } from '../../support/onnx-files.ts'
import { maxDifference, runOnnx } from '../../support/run.ts'
import { seededFloats, seededWeights } from '../../support/seeded.ts'

const exported = (end: (logits: Tensor) => Tensor): Uint8Array =>
  toOnnx({ outputs: new Map([['scores', end(buildClassifierOnImage(SMALL_CLASSIFIER, seededWeights).logits)]]) })
const configOf = (onnx: Uint8Array) => guessOpaque(onnx, 'kinds').config as OpaqueClassifierConfig
const pixels = { data: Uint8Array.from(seededFloats('pixels', 64 * 64 * 3, u => 256 * u)), dims: [1, 64, 64, 3] }
const scoresOf = async (onnx: Uint8Array) => (await runOnnx(onnx, { [INPUT_NAME]: pixels }))[OUTPUT_NAME]!

t.test('a graph returns what the network returns', async t => {
  const expected = await scoresOf(compileClassifier(SMALL_CLASSIFIER, seededWeights))
  const found = (onnx: Uint8Array) => scoresOf(compileOpaqueClassifier(onnx, configOf(onnx)))
  const plain = exported(logits => logits)
  t.equal(maxDifference((await found(plain)).data, expected.data), 0)
  const spread = await found(exported(logits => op.reshape(logits, [1, 3, 1, 1])))
  t.same(spread.dims, [1, 3])
  t.equal(maxDifference(spread.data, expected.data), 0)
  t.ok(maxDifference((await found(inHalfPrecision(plain))).data, expected.data) < 0.05)
})

t.test('there must be a value for each label', async t => {
  const onnx = exported(logits => logits)
  t.throws(() => compileOpaqueClassifier(onnx, { ...configOf(onnx), labels: ['cat'] }), {
    name: 'ModelFileError', message: 'kinds: the graph\'s outputs are [1, 3]; expected [1, 1], a value for each label'
  })
})

t.test('classes of an output', async t => {
  t.equal(classesOf(input('y', ['N', 3])), 3)
  for (const y of [input('y', [2, 3]), input('y', [1, 3], 'int64'), input('y', [1, 'C']), input('y', [1]), input('y', [1, 3, 2])]) {
    t.equal(classesOf(y), undefined)
  }
})
