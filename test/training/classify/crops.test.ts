import sharp from 'sharp'
import t from 'tap'
import { decodeCentre, decodeForCrops } from '../../../engine/image/decode.ts'
import { warpPixels } from '../../../engine/image/warp.ts'
import type { Size } from '../../../head/decode/boxes.ts'
import type { Warp } from '../../../models/resize-mode.ts'
import { centerCrop, mirrored, randomCrop } from '../../../training/classify/crops.ts'
import { random } from '../../../training/random.ts'
import { photo } from '../../support/files.ts'

const PHOTO = photo('sample-me.jpg')
const input = { width: 64, height: 64 }
/** The part of a photo that a warp shows. */
const part = ({ scaleX, scaleY, offsetX, offsetY }: Warp, { width, height }: Size) => {
  const [left, top] = [0.5 - (offsetX + 0.5) / scaleX, 0.5 - (offsetY + 0.5) / scaleY]
  return { left, top, right: left + width / scaleX, bottom: top + height / scaleY }
}
const worst = (a: Uint8Array, b: Uint8Array): number => a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0)

t.test('the center is what the served model sees, to the bit', async t => {
  for (const size of [input, { width: 96, height: 64 }]) {
    const scaled = await decodeForCrops(PHOTO, 1e8, size)
    t.same(warpPixels(scaled, centerCrop(scaled, size)), (await decodeCentre(PHOTO, 1e8, size)).pixels, `${size.width}×${size.height}`)
  }
})

t.test('of photos that are smaller than the input, to a level', async t => {
  for (const [width, height] of [[28, 28], [40, 30], [50, 72]] as const) {
    const small = await sharp(PHOTO).resize(width, height, { fit: 'fill' }).png().toBuffer()
    const decoded = await decodeForCrops(small, 1e8, input)
    t.equal(decoded.width, width)
    t.ok(worst(warpPixels(decoded, centerCrop(decoded, input)), (await decodeCentre(small, 1e8, input)).pixels) <= 1, `${width}×${height}`)
  }
})

t.test('random crops lie inside the photo, and have the shares and ratios that were asked for', async t => {
  const next = random('crops')
  const [size, wide] = [{ width: 200, height: 100 }, { width: 64, height: 32 }]
  for (let i = 0; i < 200; i++) {
    const { left, top, right, bottom } = part(randomCrop(size, wide, { area: [0.2, 0.8], ratio: [0.75, 4 / 3] }, next), wide)
    const [width, height] = [right - left, bottom - top]
    if (left < -1e-9 || top < -1e-9 || right > 200 + 1e-9 || bottom > 100 + 1e-9) t.fail(`${left} ${top} ${right} ${bottom}`)
    const [share, ratio] = [width * height / 20_000, width / height / 2]
    if (share < 0.199 || share > 0.801 || ratio < 0.749 || ratio > 1.334) t.fail(`${share} ${ratio}`)
  }
})

t.test('the whole photo, if it has the input\'s ratio; its center if no crop fits', async t => {
  const whole = { area: [1, 1], ratio: [1, 1] } as const
  t.match(part(randomCrop(input, input, whole, random(1)), input), { left: 0, top: 0, right: 64, bottom: 64 })
  t.match(part(randomCrop({ width: 200, height: 100 }, input, whole, random(1)), input), { left: 50, top: 0, right: 150, bottom: 100 })
})

t.test('the mirror image', async t => {
  const data = Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => i * 37 % 251)
  const turned = warpPixels({ data, ...input }, mirrored({ scaleX: 1, scaleY: 1, offsetX: 0, offsetY: 0, canvas: input, padded: input }))
  const pixel = (image: Uint8Array, x: number) => [...image.subarray(x * 3, x * 3 + 3)]
  for (const x of [0, 10, 63]) t.same(pixel(turned, x), pixel(data, 63 - x), `column ${x}`)
})
