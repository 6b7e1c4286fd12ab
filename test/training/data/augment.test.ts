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

t.test('without changes, a photo is as served', async t => {
  const { pixels, canvas } = augmentedPixels(photo, fit, UNCHANGED, random('none'))
  t.same(pixels, warpPixels(photo, warpFor('letterbox', photo, input)))
  t.same(canvas, input)
})

t.test('random changes repeat by their seed, and the matrix tells where pixels went', async t => {
  const changes = { ...UNCHANGED, scale: [0.6, 1.4], translate: 0.2, rotation: 20, brightness: 0.2 } as const
  const run = (seed: number) => augmentedPixels(photo, fit, changes, random(seed))
  t.same(run(1), run(1))
  t.notSame(run(1).pixels, run(2).pixels)
  const [x, y] = apply(run(1).matrix, 50, 30)
  t.ok(x > 0 && x < 64 && y > 0 && y < 64, 'the center stays inside')
})

t.test('what the canvas leaves free gets a color', async t => {
  const padded: Fit = { ...fit, warp: photo => warpFor('keep-ratio', photo, input), padding: [104, 116, 124] }
  t.same([...augmentedPixels(photo, padded, UNCHANGED, random('none')).pixels.slice(-3)], [104, 116, 124])
})
