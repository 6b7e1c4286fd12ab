import sharp from 'sharp'
import t from 'tap'
import { featureOverlay, overlaySize } from '../../../engine/features/overlay.ts'
import { warpFor, type ResizeMode } from '../../../models/resize-mode.ts'

const INPUT = { width: 416, height: 416 }
const grey = (width: number, height: number) => ({ width, height, data: new Uint8Array(width * height * 3).fill(128) })
const decode = async (jpeg: Buffer) => {
  const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true })
  return { data, width: info.width, height: info.height }
}

/** A photo and the overlay of a map of zeros but for some cells. */
async function hot (width: number, height: number, resizeMode: ResizeMode, cells: Record<number, number>) {
  const photo = grey(width, height)
  const warp = warpFor(resizeMode, photo, INPUT)
  const mapWidth = Math.ceil(warp.padded.width / 32)
  const mapHeight = Math.ceil(warp.padded.height / 32)
  const map = new Float32Array(mapWidth * mapHeight)
  for (const [cell, value] of Object.entries(cells)) map[Number(cell)] = value
  const jpeg = await featureOverlay(photo, { map, mapWidth, mapHeight, stride: 32, warp }, { title: 'stage4 · max' })
  return { warp, mapWidth, jpeg, picture: await decode(jpeg) }
}

t.test('a hot cell lights up its place on the photo', async t => {
  const cases = [
    [832, 832, 'letterbox', 5, 7], [1600, 1000, 'letterbox', 9, 5], [700, 1400, 'letterbox', 6, 3], [3000, 4000, 'letterbox', 4, 10],
    [200, 150, 'letterbox', 6, 6], [1000, 600, 'keep-ratio', 2, 3], [600, 1000, 'keep-ratio', 3, 9], [1200, 500, 'stretch', 10, 2]
  ] as const
  for (const [width, height, resizeMode, column, row] of cases) {
    const mapWidth = Math.ceil(warpFor(resizeMode, { width, height }, INPUT).padded.width / 32)
    const { warp, picture } = await hot(width, height, resizeMode, { [row * mapWidth + column]: 1 })
    const shown = overlaySize({ width, height })
    const expected = {
      x: ((column * 32 + 16 - warp.offsetX) / warp.scaleX + 0.5) * shown.width / width,
      y: ((row * 32 + 16 - warp.offsetY) / warp.scaleY + 0.5) * shown.height / height
    }
    const found = heatCentre(picture, shown)
    const name = `${width}×${height}, ${resizeMode}`
    t.ok(Math.hypot(found.x - expected.x, found.y - expected.y) < 1.5, name, { found, expected })
  }
})

t.test('padding is neither seen nor counted', async t => {
  const plain = await hot(1000, 500, 'letterbox', { [6 * 13 + 5]: 1 })
  const padded = await hot(1000, 500, 'letterbox', { [6 * 13 + 5]: 1, 5: 1000, [12 * 13]: -1000 })
  t.equal(Buffer.compare(plain.jpeg, padded.jpeg), 0)
})

t.test('it is as large as its photo within limits, above a legend', async t => {
  t.same(overlaySize({ width: 4000, height: 3000 }), { width: 1280, height: 960 })
  t.same(overlaySize({ width: 700, height: 800 }), { width: 700, height: 800 })
  t.same(overlaySize({ width: 100, height: 200 }), { width: 320, height: 640 })
  t.same(overlaySize({ width: 2000, height: 1 }), { width: 1280, height: 1 })
  const { picture: tall } = await hot(3, 2000, 'letterbox', {})
  t.same([tall.width, tall.height], [320, 1280 + 62])
  const { picture: { data, width, height } } = await hot(800, 700, 'letterbox', {})
  t.same([width, height], [800, 762])
  const barAt = (x: number) => [...data.subarray((735 * 800 + x) * 3, (735 * 800 + x) * 3 + 3)]
  t.ok(barAt(10).every(value => value < 40), 'dark')
  t.ok(barAt(400)[0]! > barAt(400)[1]! + 80, 'red')
  t.ok(barAt(789).every(value => value > 130), 'light')
})

t.test('a drawing in the photo\'s pixels lies on top at the photo\'s place', async t => {
  const photo = grey(2560, 1280)
  const box = '<rect x="640" y="320" width="200" height="100" fill="#0000ff"/>'
  const svgOnTop = `<svg xmlns="http://www.w3.org/2000/svg" width="2560" height="1280">${box}</svg>`
  const warp = warpFor('letterbox', photo, INPUT)
  const map = { map: new Float32Array(169), mapWidth: 13, mapHeight: 13, stride: 32, warp }
  const { data, width } = await decode(await featureOverlay(photo, map, { title: '', svgOnTop }))
  const isBlue = (x: number, y: number) => data[(y * width + x) * 3 + 2]! > 200
  t.ok(isBlue(325, 165) && isBlue(415, 205), 'from 320, 160 to 420, 210')
  t.notOk(isBlue(315, 165) || isBlue(325, 155) || isBlue(425, 205) || isBlue(415, 215))
})

/** Where the coloured pixels of a grey photo have their centre; pixel i lies from i to i + 1. */
function heatCentre ({ data, width }: { data: Buffer, width: number }, photo: { width: number, height: number }) {
  let [sumX, sumY, total] = [0, 0, 0]
  for (let y = 0; y < photo.height; y++) {
    for (let x = 0; x < photo.width; x++) {
      const p = (y * width + x) * 3
      const color = Math.max(0, data[p]! - data[p + 2]! - 30) // red over blue: the upper half of the colours
      sumX += color * (x + 0.5)
      sumY += color * (y + 0.5)
      total += color
    }
  }
  return { x: sumX / total, y: sumY / total }
}
