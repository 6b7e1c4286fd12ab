import t from 'tap'
import type { Pixels } from '../../../engine/image/decode.ts'
import { warpPixels } from '../../../engine/image/warp.ts'
import { type ResizeMode, type Warp, warpFor } from '../../../models/resize-mode.ts'

const INPUT = { width: 416, height: 416 }

t.test('the warp equals a naive bilinear loop to the last gray level', async t => {
  const sources = [[640, 480], [100, 75], [333, 500], [37, 91], [2000, 3], [3, 2000], [2, 2], [1, 1], [416, 416]] as const
  for (const [width, height] of sources) {
    for (const resizeMode of ['letterbox', 'keep-ratio', 'stretch'] satisfies ResizeMode[]) {
      const source = noise(width, height)
      const warp = warpFor(resizeMode, source, INPUT)
      t.equal(Buffer.compare(warpPixels(source, warp, [9, 8, 7]), naiveWarp(source, warp, [9, 8, 7])), 0, `${width}×${height}, ${resizeMode}`)
    }
  }
})

t.test('outside the photo is black, outside the canvas is padding', async t => {
  const white = { width: 2, height: 1, data: new Uint8Array(6).fill(255) }
  const warp = { scaleX: 1, scaleY: 1, offsetX: 0.5, offsetY: 0, canvas: { width: 4, height: 1 }, padded: { width: 5, height: 1 } }
  const red = [...warpPixels(white, warp, [9, 8, 7])].filter((_, i) => i % 3 === 0)
  t.strictSame(red, [128, 255, 128, 0, 9])
})

function noise (width: number, height: number): Pixels {
  let state = 1
  const next = () => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) >>> 24
  return { width, height, data: Uint8Array.from({ length: width * height * 3 }, next) }
}

function naiveWarp (source: Pixels, warp: Warp, padding: number[]): Uint8Array {
  const out = new Uint8Array(warp.padded.width * warp.padded.height * 3)
  for (let i = 0; i < out.length; i++) {
    const x = Math.floor(i / 3) % warp.padded.width
    const y = Math.floor(i / 3 / warp.padded.width)
    const isOnCanvas = x < warp.canvas.width && y < warp.canvas.height
    const sample = () => Math.round(bilinear(source, (x - warp.offsetX) / warp.scaleX, (y - warp.offsetY) / warp.scaleY, i % 3))
    out[i] = isOnCanvas ? sample() : padding[i % 3]!
  }
  return out
}

function bilinear ({ data, width, height }: Pixels, x: number, y: number, channel: number): number {
  const value = (column: number, row: number) =>
    column < 0 || row < 0 || column >= width || row >= height ? 0 : data[(row * width + column) * 3 + channel]!
  const [left, top] = [Math.floor(x), Math.floor(y)]
  const mix = (a: number, b: number, share: number) => a * (1 - share) + b * share
  return mix(
    mix(value(left, top), value(left + 1, top), x - left),
    mix(value(left, top + 1), value(left + 1, top + 1), x - left),
    y - top
  )
}
