import t from 'tap'
import { CLASSIFIERS } from '../../models/architectures.ts'
import { buildClassifier, buildClassifierOnImage, compileClassifier } from '../../models/classifier.ts'
import { weightsOf, zeros } from '../../models/checkpoints/state-dict.ts'
import { classifierBackboneSchema } from '../../models/files/own-schema.ts'
import { input } from '../../nn/tensor.ts'
import { leastOptions } from '../support/architectures.ts'
import { SMALL_CLASSIFIER } from '../support/model-files.ts'
import { largest, maxDifference, run, runOnnx } from '../support/run.ts'
import { seededFloats, seededWeights } from '../support/seeded.ts'

const { input: { width, height }, normalization: { mean, std } } = SMALL_CLASSIFIER
const pixels = Uint8Array.from(seededFloats('pixels', height * width * 3, u => 256 * u))
/** RGB rows → normalized planes. */
const image = Float32Array.from({ length: 3 * height * width }, (_, i) => {
  const channel = Math.floor(i / (height * width))
  return (pixels[(i % (height * width)) * 3 + channel]! - mean[channel]!) / std[channel]!
})

for (const spec of CLASSIFIERS) {
  const backbone = classifierBackboneSchema.parse(leastOptions(spec))
  t.test(`${spec.name} classifies pixels as it does the normalized image`, async t => {
    const config = { ...SMALL_CLASSIFIER, backbone }
    const { logits } = buildClassifier(config, seededWeights, input('image', [1, 3, height, width]))
    const expected = (await run({ logits }, { image: { data: image, dims: [1, 3, height, width] } }))['logits']!
    const found = (await runOnnx(compileClassifier(config, seededWeights), { pixels: { data: pixels, dims: [1, height, width, 3] } }))['output']!
    t.same(found.dims, [1, 3])
    t.ok(largest(expected.data) > 0)
    t.ok(maxDifference(found.data, expected.data) <= 1e-4 * largest(expected.data))
  })
}

t.test('there is a logit for each label, whatever the batch', async t => {
  const { logits, params } = buildClassifier({ ...SMALL_CLASSIFIER, labels: ['a', 'b'] }, zeros(false), input('image', ['N', 3, 64, 64]))
  t.same(logits.shape, ['N', 2])
  t.same(params.get('fc.weight')?.shape, [2, 1024])
})

t.test('weights that do not fit are refused by name', async t => {
  t.throws(() => buildClassifierOnImage(SMALL_CLASSIFIER, weightsOf({ folded: false, parameters: new Map() })),
    { name: 'ParameterError', message: /conv1\.0\.weight \[24, 3, 3, 3\] is not in the checkpoint/ })
})
