import t from 'tap'
import { SCORING_OPTIONS } from '../../engine/options.ts'
import { Steps, stopwatch } from '../../engine/steps.ts'
import { MODEL } from '../support/built-in.ts'
import { photo } from '../support/files.ts'

const steps = new Steps(MODEL)

t.test('a photo becomes the network\'s input', async t => {
  const { image, photo: pixels, warp, picture: { pixels: input }, times } = await steps.preprocess({ bytes: photo('sample1.jpg'), maxPixels: 50e6 })
  t.match(image, { width: 1920, height: 1280, format: 'jpeg' })
  t.equal(pixels.data.length, 1920 * 1280 * 3)
  t.equal(input.length, 416 * 416 * 3)
  t.ok(Math.abs(warp.offsetY - (416 - 1280 * 416 / 1920) / 2) < 1e-9)
  t.ok(input.subarray(0, 416 * 60 * 3).every(value => value === 0), 'the letterbox is black')
  t.ok(times.decode > 0 && times.preprocess > 0)
})

t.test('an input that is not a multiple of 32: the network pads it, and boxes on the last rows are right', async t => {
  const odd = new Steps({ ...MODEL, resizeMode: 'stretch', input: { width: 960, height: 540 } })
  const prepared = await odd.preprocess({ bytes: photo('sample1.jpg'), maxPixels: 50e6 })
  t.match(prepared.picture, { width: 960, height: 540, padded: { width: 960, height: 544 } })
  t.equal(prepared.picture.pixels.length, 960 * 540 * 3)
  const predictions = new Float32Array((120 * 68 + 60 * 34 + 30 * 17) * 112).fill(-9)
  const point = 120 * 68 + 60 * 34 + 30 * 16 + 10 // row 16 of 17, column 10 of the level of stride 32: x 336, y 528
  predictions[point * 112] = 4
  for (let side = 0; side < 4; side++) predictions[point * 112 + 80 + side * 8 + 1] = 99 // one cell to each side
  const [found] = odd.postprocess(predictions, prepared, SCORING_OPTIONS)
  const expected = [304 * 2, 496 * 1280 / 540, 368 * 2, 1280] // clipped to the photo
  found!.box.forEach((value, i) => t.ok(Math.abs(value - expected[i]!) < 1e-2))
})

t.test('predictions become boxes on the photo', async t => {
  const prepared = await steps.preprocess({ bytes: photo('sample1.jpg'), maxPixels: 50e6 })
  const predictions = new Float32Array(3549 * 112).fill(-9)
  const point = 52 * 52 + 26 * 13 + 10 // row 13, column 10 of the level of stride 16: x 168, y 216
  predictions[point * 112 + 7] = 4
  for (let side = 0; side < 4; side++) predictions[point * 112 + 80 + side * 8 + 2] = 99 // two cells to each side
  const [found, ...others] = steps.postprocess(predictions, prepared, SCORING_OPTIONS)
  t.equal(others.length, 0)
  t.equal(found!.classId, 7)
  const { scaleX, offsetY } = prepared.warp
  const expected = [136 / scaleX, (184 - offsetY) / scaleX, 200 / scaleX, (248 - offsetY) / scaleX]
  found!.box.forEach((value, i) => t.ok(Math.abs(value - expected[i]!) < 1e-2))
})

t.test('a stopwatch gives laps', async t => {
  const clock = stopwatch()
  await new Promise(resolve => setTimeout(resolve, 20))
  t.ok(clock() >= 19)
  t.ok(clock() < 10)
})
