import { clipBox, type Box, type Size } from '../head/decode/boxes.ts'

/**
 * How a photo is fitted into the network's input (upstream: data/transform/warp.py):
 * `letterbox` keeps the ratio and centers the photo on black (v0.x); `keep-ratio` keeps it and pads right and below (v1, keep_ratio: True);
 * `stretch` does not keep it (v1, keep_ratio: False).
 */
export type ResizeMode = typeof RESIZE_MODES[number]
export const RESIZE_MODES = ['letterbox', 'keep-ratio', 'stretch'] as const

/** Whether the size of the network's input depends on the photo. */
export const hasOwnSize = (resizeMode: ResizeMode): boolean => resizeMode === 'keep-ratio'

/** From pixels of the photo to pixels of the network's input: x' = x · scaleX + offsetX, and y likewise. */
export interface Warp {
  scaleX: number
  scaleY: number
  offsetX: number
  offsetY: number
  /** The part of the input that the photo is sampled into, from the top left; black outside the photo. */
  canvas: Size
  /** The whole input: the canvas, padded right and below to multiples of 32. */
  padded: Size
}

/** Input sides are multiples of it: the coarsest stride that all networks have. */
export const LARGEST_STRIDE = 32

/** The warp of a `source` photo into a network with the configured `input`; `source` is the size as displayed. */
export function warpFor (resizeMode: ResizeMode, source: Size, input: Size): Warp {
  return WARPS[resizeMode](source, input)
}

/** A box on the network's input as a box on the photo, clipped to it. */
export function unwarpBox (warp: Warp, [x1, y1, x2, y2]: Box, source: Size): Box {
  const toX = (x: number) => (x - warp.offsetX) / warp.scaleX
  const toY = (y: number) => (y - warp.offsetY) / warp.scaleY
  return clipBox([toX(x1), toY(y1), toX(x2), toY(y2)], source)
}

const WARPS = { letterbox: centered, 'keep-ratio': keepRatio, stretch }

function stretch (source: Size, canvas: Size): Warp {
  const scaleX = canvas.width / source.width
  const scaleY = canvas.height / source.height
  return { scaleX, scaleY, offsetX: 0, offsetY: 0, canvas, padded: padToStride(canvas) }
}

function centered (source: Size, canvas: Size): Warp {
  const scale = fittingScale(source, canvas)
  const offsetX = canvas.width / 2 - scale * source.width / 2
  const offsetY = canvas.height / 2 - scale * source.height / 2
  return { scaleX: scale, scaleY: scale, offsetX, offsetY, canvas, padded: padToStride(canvas) }
}

// The canvas is cut to whole pixels, so upstream fits and centers the photo again: the scale shrinks and the offset grows slightly.
function keepRatio (source: Size, input: Size): Warp {
  const scale = fittingScale(source, input)
  return centered(source, { width: wholePixels(scale * source.width), height: wholePixels(scale * source.height) })
}

function fittingScale (source: Size, canvas: Size): number {
  const isTaller = source.width / source.height < canvas.width / canvas.height
  return isTaller ? canvas.height / source.height : canvas.width / source.width
}

// Upstream fails on photos so narrow that less than a pixel remains.
function wholePixels (length: number): number {
  return Math.max(1, Math.trunc(length))
}

/** The size, padded right and below to whole cells of the coarsest level. */
export function padToStride ({ width, height }: Size): Size {
  return { width: nextMultiple(width), height: nextMultiple(height) }
}

function nextMultiple (length: number): number {
  return Math.ceil(length / LARGEST_STRIDE) * LARGEST_STRIDE
}
