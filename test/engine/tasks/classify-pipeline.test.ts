import t from 'tap'
import { decodeCentre } from '../../../engine/image/decode.ts'
import { ClassifyPipeline } from '../../../engine/tasks/classify-pipeline.ts'
import { buildClassifierOnImage } from '../../../models/classifier.ts'
import { compileModel } from '../../../models/kinds/kinds.ts'
import { compileOpaqueClassifier } from '../../../models/opaque/classifier.ts'
import { toOnnx } from '../../../nn/onnx/to-onnx.ts'
import * as op from '../../../nn/ops.ts'
import type { Tensor } from '../../../nn/tensor.ts'
import { photo } from '../../support/files.ts'
import { seededClassifier, SMALL_CLASSIFIER } from '../../support/model-files.ts'
import { maxDifference, run } from '../../support/run.ts'
import { seededWeights } from '../../support/seeded.ts'

const { input: { width, height }, normalization: { mean, std }, labels } = SMALL_CLASSIFIER

/** Scores by class id: the middle of the photo normalized here, and the softmax taken in double precision. */
async function expected (bytes: Uint8Array): Promise<number[]> {
  const { pixels } = await decodeCentre(bytes, Infinity, { width, height })
  const data = new Float32Array(3 * width * height)
  pixels.forEach((value, i) => { data[(i % 3) * width * height + Math.floor(i / 3)] = (value - mean[i % 3]!) / std[i % 3]! })
  const { logits } = buildClassifierOnImage(SMALL_CLASSIFIER, seededWeights)
  const values = [...(await run({ logits }, { image: { data, dims: [1, 3, height, width] } }))['logits']!.data]
  const powers = values.map(Math.exp)
  return powers.map(power => power / powers.reduce((a, b) => a + b))
}

t.test('classify-pipeline', async t => {
  const onnx = compileModel(seededClassifier(SMALL_CLASSIFIER))
  const pipeline = await ClassifyPipeline.load({ config: SMALL_CLASSIFIER, onnx }, 1)
  t.teardown(() => pipeline.release())
  const classify = (bytes: Uint8Array, topK: number, maxPixels = 50e6) => pipeline.classify({ bytes, maxPixels, topK })

  for (const name of ['sample-me.jpg', 'sample1.jpg']) {
    await t.test(`the classes of ${name}, best first`, async t => {
      const scores = await expected(photo(name))
      const { image, classes, times } = await classify(photo(name), 9)
      t.ok(image.width > 0)
      t.equal(classes.length, 3)
      t.ok(classes.every(({ score }, i) => i === 0 || score <= classes[i - 1]!.score))
      for (const { classId, label, score } of classes) {
        t.equal(label, labels[classId])
        t.ok(Math.abs(score - scores[classId]!) < 1e-5, `${classId}: ${score}, ${scores[classId]}`)
      }
      t.ok(Math.abs(classes.reduce((sum, { score }) => sum + score, 0) - 1) < 1e-6, 'the scores of all classes sum to 1')
      t.same(Object.keys(times), ['decode', 'preprocess', 'inference', 'postprocess'])
      t.ok(times.decode > 0 && times.inference > 0)
    })
  }

  await t.test('no more classes than are requested', async t => {
    t.equal((await classify(photo('sample1.jpg'), 2)).classes.length, 2)
  })

  await t.test('what is not an image, or is too large, is refused', async t => {
    await t.rejects(classify(Buffer.from('text'), 1), { code: 'UNSUPPORTED_IMAGE' })
    await t.rejects(classify(photo('sample1.jpg'), 1, 100), { code: 'IMAGE_TOO_LARGE' })
  })
})

t.test('the graph of an ONNX file: probabilities are scores, logits become scores', async t => {
  const { logits } = buildClassifierOnImage(SMALL_CLASSIFIER, seededWeights)
  const input = { bytes: photo('sample1.jpg'), maxPixels: 50e6, topK: 3 }
  const classesOf = async (y: Tensor, scores: 'probabilities' | 'logits') => {
    const file = toOnnx({ outputs: new Map([['y', y]]) })
    const { backbone, ...rest } = SMALL_CLASSIFIER
    const config = { ...rest, opaque: true, scores } as const
    const pipeline = await ClassifyPipeline.load({ config, onnx: compileOpaqueClassifier(file, config) }, 1)
    const { classes } = await pipeline.classify(input)
    await pipeline.release()
    return classes
  }
  const expected = (await classesOf(logits, 'logits')).map(({ score }) => score)
  const found = (await classesOf(op.softmax(logits), 'probabilities')).map(({ score }) => score)
  t.ok(maxDifference(found, expected) < 1e-6)
  await t.rejects(classesOf(logits, 'probabilities'), { name: 'ModelFileError', message: /set "scores": "logits" in kinds\.json; otherwise the graph is not a classifier/ })
})

t.test('bytes that are not a graph', t => t.rejects(ClassifyPipeline.load({ config: SMALL_CLASSIFIER, onnx: new Uint8Array(9) }, 1)))
