import t from 'tap'
import { warpPixels } from '../../../engine/image/warp.ts'
import { warpFor } from '../../../models/resize-mode.ts'
import { augmentedPixels, type Fit } from '../../../training/data/augment.ts'
import { apply } from '../../../training/data/matrix.ts'
import { random } from '../../../training/random.ts'
import { UNCHANGED } from '../../support/augmentation.ts'
import { noise } from '../../support/noise.ts'

const input = { width: 64, height: 64 }
const fit: Fit = { warp: photo => warpFor('letterbox', photo, input), pipeline: 'plus', input }
const photo = noise(100, 60)
/** Deep comparison by the test runner takes seconds. */
const isSame = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0

t.test('without changes, a photo is as served', async t => {
  const { pixels, canvas } = augmentedPixels(photo, fit, UNCHANGED, random('none'))
  t.ok(isSame(pixels, warpPixels(photo, warpFor('letterbox', photo, input))))
  t.same(canvas, input)
})

t.test('random changes repeat by their seed, and the matrix tells where pixels went', async t => {
  const changes = { ...UNCHANGED, scale: [0.6, 1.4], translate: 0.2, rotation: 20, brightness: 0.2 } as const
  const run = (seed: number) => augmentedPixels(photo, fit, changes, random(seed))
  const [first, again, other] = [run(1), run(1), run(2)]
  t.ok(isSame(first.pixels, again.pixels))
  t.same(first.matrix, again.matrix)
  t.notOk(isSame(first.pixels, other.pixels))
  const [x, y] = apply(first.matrix, 50, 30)
  t.ok(x > 0 && x < 64 && y > 0 && y < 64, 'the center stays inside')
})

t.test('what the canvas leaves free gets a color', async t => {
  const padded: Fit = { ...fit, warp: photo => warpFor('keep-ratio', photo, input), padding: [104, 116, 124] }
  t.same([...augmentedPixels(photo, padded, UNCHANGED, random('none')).pixels.slice(-3)], [104, 116, 124])
})
