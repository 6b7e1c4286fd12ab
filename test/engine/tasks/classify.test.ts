import t from 'tap'
import { ClassifyPipeline } from '../../../engine/tasks/classify.ts'
import { decodeCentre } from '../../../engine/image/decode.ts'
import { buildClassifierOnImage } from '../../../models/classifier.ts'
import { photo } from '../../support/files.ts'
import { seededClassifier, SMALL_CLASSIFIER } from '../../support/model-files.ts'
import { run } from '../../support/run.ts'
import { seededWeights } from '../../support/seeded.ts'

const model = seededClassifier(SMALL_CLASSIFIER)
const { input: { width, height }, normalization: { mean, std } } = SMALL_CLASSIFIER

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
  const pipeline = await ClassifyPipeline.load(model, 1)
  t.teardown(() => pipeline.release())

  for (const name of ['sample-me.jpg', 'sample1.jpg']) {
    await t.test(`the classes of ${name}, best first`, async t => {
      const scores = await expected(photo(name))
      const { image, classes, times } = await pipeline.classify({ bytes: photo(name), maxPixels: 50e6 }, 3)
      t.ok(image.width > 0)
      t.equal(classes.length, 3)
      t.ok(classes.every(({ score }, i) => i === 0 || score <= classes[i - 1]!.score))
      for (const { classId, score } of classes) t.ok(Math.abs(score - scores[classId]!) < 1e-5, `${classId}: ${score}, ${scores[classId]}`)
      t.same(Object.keys(times), ['decode', 'preprocess', 'inference', 'postprocess'])
    })
  }

  await t.test('no more than are wanted', async t => {
    t.equal((await pipeline.classify({ bytes: photo('sample1.jpg'), maxPixels: 50e6 }, 2)).classes.length, 2)
  })

  await t.test('too large an image is refused', t =>
    t.rejects(pipeline.classify({ bytes: photo('sample1.jpg'), maxPixels: 100 }, 1), { code: 'IMAGE_TOO_LARGE' }))
})

t.test('weights that do not fit', t =>
  t.rejects(ClassifyPipeline.load({ ...model, config: { ...SMALL_CLASSIFIER, labels: ['cat'] } }, 1), { message: /fc\.weight/ }))
