import sharp from 'sharp'
import t from 'tap'
import { decodeCentre } from '../../../engine/image/decode.ts'
import { classifierObjective } from '../../../training/classify/classifier-objective.ts'
import { PhotoCache } from '../../../training/data/photo-cache.ts'
import { random } from '../../../training/random.ts'
import type { ClassificationSpec } from '../../../training/spec.ts'
import { photo } from '../../support/files.ts'
import { seededClassifier, SMALL_CLASSIFIER } from '../../support/model-files.ts'
import { classifierSpec } from '../../support/classifier-spec.ts'

const PHOTO = photo('sample-me.jpg')
const folder = t.testdir({ 'me.jpg': PHOTO, 'small.png': await sharp(PHOTO).resize(48, 40, { fit: 'fill' }).png().toBuffer() })
const examples = [{ path: `${folder}/me.jpg`, label: 2 }, { path: `${folder}/small.png`, label: 0 }]
const cache = new PhotoCache(1e7)
const read: PhotoCache['read'] = (path, decode) => cache.read(path, decode)
const { stateDict } = seededClassifier(SMALL_CLASSIFIER)
const spec: ClassificationSpec = { ...classifierSpec(SMALL_CLASSIFIER, stateDict), examples, validation: examples }

t.test('examples are random crops with their labels; the sequence of random numbers decides', async t => {
  const objective = classifierObjective(spec)
  const of = async (index: number, seed: number) => await objective.example(index, read, random(seed))
  const [first, again, other] = [await of(0, 1), await of(0, 1), await of(0, 2)]
  t.equal(first.target, 2)
  t.equal((await of(1, 1)).target, 0)
  t.equal(first.pixels.length, 64 * 64 * 3)
  t.same(first.pixels, again.pixels)
  t.notSame(first.pixels, other.pixels)
})

t.test('without changes, an example is the whole photo, or its mirror image', async t => {
  const plain: ClassificationSpec = { ...spec, crop: { area: [1, 1], ratio: [1, 1] } }
  const pixels = async (flip: number) =>
    (await classifierObjective({ ...plain, augmentation: { ...plain.augmentation, flip } }).example(1, read, random(1))).pixels
  const [seen, mirrored] = [await pixels(0), await pixels(1)]
  const at = (image: Uint8Array, x: number, y: number) => image[(y * 64 + x) * 3]!
  for (const [x, y] of [[3, 5], [20, 40], [60, 60]] as const) t.ok(Math.abs(at(seen, x, y) - at(mirrored, 63 - x, y)) <= 1, `${x}, ${y}`)
})

t.test('validation shows what the served classifier sees', async t => {
  const { pixels } = await classifierObjective(spec).shown(0, read)
  t.same(pixels, (await decodeCentre(PHOTO, 1e8, SMALL_CLASSIFIER.input)).pixels)
})

t.test('labels are fed; what is found are a copy of the logits', async t => {
  const objective = classifierObjective(spec)
  t.same(objective.feeds([2, 0], undefined), { 'target/labels': { type: 'int64', dims: [2], data: BigInt64Array.of(2n, 0n) } })
  const logits = Float32Array.of(1, 2, 3)
  const found = objective.found(logits, undefined)
  t.same(found, logits)
  t.not(found, logits)
})
