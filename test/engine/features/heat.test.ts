import { readFileSync } from 'node:fs'
import t from 'tap'
import { blend, rangeOnPhoto, spread } from '../../../engine/features/heat.ts'
import { reduceChannels } from '../../../engine/features/reduce.ts'
import { readSafetensors, safetensorsMetadata } from '../../../models/checkpoints/safetensors.ts'
import type { Parameter } from '../../../models/checkpoints/state-dict.ts'
import { discPhoto, type Disc } from '../../support/disc.ts'
import { maxDifference } from '../../support/run.ts'
import { MODEL, SOURCE, startApp } from '../../support/server.ts'

const INPUT = { width: 8, height: 8 }
const warp = { scaleX: 1, scaleY: 1, offsetX: 0, offsetY: 0, canvas: INPUT, padded: INPUT }
const grid = (map: number[], stride: number) => ({ map: Float32Array.from(map), mapWidth: 2, mapHeight: 2, stride, warp })

t.test('between the centers of cells it is bilinear, beyond them it stays', async t => {
  const heat = spread(grid([0, 4, 8, 12], 4), INPUT, INPUT)
  const x = [0, 0, 0, 1, 2, 3, 4, 4] // centres at input pixels 2 and 6
  t.ok(maxDifference(heat, x.flatMap(y => x.map(value => 2 * y + value))) < 1e-6)
})

t.test('shown at another size it is the same, pixel center by pixel center', async t => {
  const shown = spread(grid([0, 4, 8, 12], 4), INPUT, { width: 16, height: 16 })
  const at = (x: number, y: number) => Math.min(Math.max(x - 2, 0), 4) + 2 * Math.min(Math.max(y - 2, 0), 4)
  for (const [x, y] of [[3, 0], [7, 7], [8, 5], [15, 12]] as const) {
    t.ok(Math.abs(shown[y * 16 + x]! - at((x + 0.5) / 2 - 0.5, (y + 0.5) / 2 - 0.5)) < 1e-6, `${x}, ${y}`)
  }
})

t.test('padding is not a neighbor', async t => {
  const photo = { width: 8, height: 4 }
  const heat = spread({ ...grid([100, 100, 1, 1], 4), warp: { ...warp, offsetY: 4 } }, photo, photo)
  t.ok(heat.every(value => value === 1))
})

t.test('the photo is gray where the map is low and colored where it is high', async t => {
  const photo = { width: 3, height: 1, data: Uint8Array.of(200, 0, 0, 200, 0, 0, 200, 0, 0) }
  const { data, width, height } = blend(photo, Float32Array.of(0, 10, NaN), { min: 0, max: 10 }, 1)
  t.same([width, height], [3, 1])
  t.same([...data.subarray(3)], [252, 255, 164, 0, 255, 255], 'at full strength only the colour')
  t.ok(data[0] === data[1] && data[0]! > 20 && data[2]! - data[1]! <= 2)
  const none = blend(photo, Float32Array.of(0, 10, NaN), { min: 0, max: 10 }, 0)
  t.ok(none.data.every(value => value === none.data[0]), 'at no strength only grey')
})

t.test('colors cover the values on the photo, not those of the padding', async t => {
  const onPhoto = rangeOnPhoto({ ...grid([100, 100, 1, 3], 4), warp: { ...warp, offsetY: 4 } }, { width: 8, height: 4 })
  t.same(onPhoto, { min: 1, max: 3, isCut: false })
})

/** Photos of several ratios and orientations, sizes as displayed, and the center of the disc as a share of them. */
const WIDE = { width: 1000, height: 400, orientation: 1, at: [0.2, 0.7] } as const
const TURNED = { width: 360, height: 640, orientation: 8, at: [0.3, 0.8] } as const
const PHOTOS = [
  WIDE,
  { width: 300, height: 800, orientation: 1, at: [0.6, 0.25] },
  { width: 500, height: 500, orientation: 1, at: [0.4, 0.6] },
  { width: 640, height: 360, orientation: 6, at: [0.75, 0.3] },
  TURNED
] as const
/**
 * Layers by pixels of the network's input per cell. The head's are left out: cells beside an object respond
 * with their distance to it. The disc is a cell and a half wide.
 */
const LAYERS = { 4: ['stem'], 8: ['stage2', 'p3'], 16: ['stage3', 'p4'], 32: ['stage4', 'p5'] }
const RADIUS = 0.75
const CASES = [
  ...PHOTOS.map(photo => [MODEL.name, photo] as const), ...['keep-ratio', 'stretch'].flatMap(mode => [[mode, WIDE] as const, [mode, TURNED] as const])
]

t.test('the response to a bright disc peaks within a cell of its place, at every stage and for every resize mode', async t => {
  const weights = readFileSync(SOURCE.checkpoint)
  const model = (mode: string) => ({ [`${mode}.json`]: JSON.stringify({ model: MODEL.name, resize_mode: mode }), [`${mode}.safetensors`]: weights })
  const { app } = await startApp(t, { MODELS_DIR: t.testdir({ ...model('keep-ratio'), ...model('stretch') }) })
  const query = `layers=${Object.values(LAYERS).flat().join()}&format=safetensors`
  for (const [name, { orientation, at, ...size }] of CASES) {
    const respond = async (disc?: Disc) => {
      const payload = await discPhoto(size, orientation, disc)
      const headers = { 'content-type': 'image/png' }
      return (await app.inject({ method: 'POST', url: `/features?model=${name}&${query}`, payload, headers })).rawPayload
    }
    const ground = await respond()
    const { scale: [scaleX, scaleY], pad: [offsetX, offsetY] } = JSON.parse(String(safetensorsMetadata(ground)['warp']))
    for (const [cell, layers] of Object.entries(LAYERS)) {
      const stride = Number(cell)
      const disc = { x: at[0] * size.width, y: at[1] * size.height, radius: RADIUS * stride / Math.max(scaleX, scaleY) }
      const seen = await respond(disc)
      for (const layer of layers) {
        const { map, mapWidth, mapHeight } = changeOf(ground, seen, layer)
        const warp = { scaleX, scaleY, offsetX, offsetY, canvas: INPUT, padded: INPUT }
        const heat = spread({ map, mapWidth, mapHeight, stride, warp }, size, size)
        const peak = heat.reduce((best, value, i) => value > heat[best]! ? i : best, 0)
        const off = [(peak % size.width + 0.5 - disc.x) * scaleX / stride, (Math.floor(peak / size.width) + 0.5 - disc.y) * scaleY / stride]
        const title = `${name}, ${size.width}×${size.height}, orientation ${orientation}, ${layer}: ${off.map(cells => cells.toFixed(2))}`
        t.ok(off.every(cells => Math.abs(cells) <= 1), title)
      }
    }
  }
})

/** How strongly each cell of a layer changes between two replies: the l2 norm of the difference. */
function changeOf (before: Uint8Array, after: Uint8Array, layer: string) {
  const [a, b] = [before, after].map(file => readSafetensors(file).parameters.get(layer)!) as [Parameter, Parameter]
  const [, , mapHeight, mapWidth] = a.shape as [number, number, number, number]
  const difference = b.data.map((value, i) => value - a.data[i]!)
  return { map: reduceChannels({ shape: a.shape, data: difference }, 'l2'), mapWidth, mapHeight }
}
