import t from 'tap'
import type { Size } from '../../head/decode/boxes.ts'
import { unwarpBox, warpFor, type ResizeMode, type Warp } from '../../models/resize-mode.ts'
import { fixture } from '../support/files.ts'

interface Golden { M: number[][], shape_hw: [number, number], padded_hw?: [number, number] }
interface Case { raw: [number, number], dst: [number, number], stretch: Golden, keep_v1: Golden, keep_legacy: Golden }

const UPSTREAM_NAMES = { stretch: 'stretch', 'keep-ratio': 'keep_v1', letterbox: 'keep_legacy' } as const
const RESIZE_MODES = Object.keys(UPSTREAM_NAMES) as ResizeMode[]
const cases: Case[] = fixture('warp.json')

t.test('every warp equals upstream\'s matrix, canvas and padding', async t => {
  t.equal(cases.length, 21)
  for (const { raw, dst, ...golden } of cases) {
    for (const resizeMode of RESIZE_MODES) {
      const warp = warpFor(resizeMode, size(raw), size(dst))
      t.strictSame(upstreamTerms(warp), withPadding(golden[UPSTREAM_NAMES[resizeMode]]), `${raw} into ${dst}, ${resizeMode}`)
    }
  }
})

t.test('unwarping undoes the warp', async t => {
  for (const resizeMode of RESIZE_MODES) {
    const source = { width: 333, height: 500 }
    const { scaleX, scaleY, offsetX, offsetY } = warpFor(resizeMode, source, { width: 416, height: 320 })
    const onInput = [10 * scaleX + offsetX, 20 * scaleY + offsetY, 300 * scaleX + offsetX, 400 * scaleY + offsetY] as const
    const box = unwarpBox(warpFor(resizeMode, source, { width: 416, height: 320 }), onInput, source)
    const distances = [10, 20, 300, 400].map((expected, i) => Math.abs(expected - (box[i] ?? NaN)))
    t.ok(distances.every(distance => distance < 1e-9), `${resizeMode}: ${box}`)
  }
})

t.test('a box reaching over the edges is clipped to the photo', async t => {
  const source = { width: 640, height: 480 }
  const warp = warpFor('letterbox', source, { width: 416, height: 416 })
  t.strictSame(unwarpBox(warp, [-5, 0, 420, 416], source), [0, 0, 640, 480])
})

t.test('an input that is no multiple of 32 is padded to one', async t => {
  t.strictSame(warpFor('stretch', { width: 640, height: 480 }, { width: 300, height: 321 }).padded, { width: 320, height: 352 })
})

t.test('the canvas of keep-ratio is cut to whole pixels, not rounded', async t => {
  t.strictSame(warpFor('keep-ratio', { width: 640, height: 427 }, { width: 416, height: 416 }).canvas, { width: 416, height: 277 })
})

t.test('a photo too narrow for one whole pixel still gets one', async t => {
  const { canvas, padded } = warpFor('keep-ratio', { width: 2000, height: 3 }, { width: 416, height: 416 })
  t.strictSame([canvas, padded], [{ width: 416, height: 1 }, { width: 416, height: 32 }])
})

function size ([width, height]: [number, number]): Size {
  return { width, height }
}

function upstreamTerms (warp: Warp): Golden {
  return {
    M: [[warp.scaleX, 0, warp.offsetX], [0, warp.scaleY, warp.offsetY], [0, 0, 1]],
    shape_hw: [warp.canvas.height, warp.canvas.width],
    padded_hw: [warp.padded.height, warp.padded.width]
  }
}

// The fixture names a padding only where upstream's differs from the canvas.
function withPadding (golden: Golden): Golden {
  return { ...golden, padded_hw: golden.padded_hw ?? golden.shape_hw }
}

t.test('boxes on the input become upstream\'s boxes on the photo', async t => {
  for (const { input_wh: input, raw_wh: raw, input_space: found, dets_label_x1y1x2y2_score: expected } of fixture('decode.json')) {
    const source: Size = { width: raw[0], height: raw[1] }
    const warp = warpFor('stretch', source, { width: input[0], height: input[1] })
    for (const [i, [, ...box]] of found.entries()) {
      const onPhoto = unwarpBox(warp, box.slice(0, 4), source)
      t.ok(onPhoto.every((value, k) => Math.abs(value - expected[i][k + 1]) < 1e-3))
    }
  }
})
