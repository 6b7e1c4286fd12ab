import { COLORS, levelOf } from '../../../engine/features/color-map.ts'
import { spread } from '../../../engine/features/heat.ts'
import type { Size } from '../../../head/decode/boxes.ts'
import { padToStride, type Warp } from '../../../models/resize-mode.ts'
import type { ExplainReply } from '../logic/server.ts'
import type { Photo } from '../logic/state.ts'
import { h } from './dom.ts'

const LONGEST_SIDE = 640
/** Opacity of the lowest color and of the highest, in 255ths. */
const OPACITY = [60, 215] as const
const OPAQUE = [255, 255] as const

interface Look { readonly label?: string, readonly opacity?: readonly [lowest: number, highest: number] }

interface DifferenceMap {
  readonly name: string
  readonly map: Float32Array
  readonly shape: readonly number[]
  readonly stride: number
}

/** The map over the photo in gray, with a legend from 0 to its highest value. */
export function differencePicture (photo: Photo, reply: ExplainReply, { name, map, shape, stride }: DifferenceMap): HTMLElement {
  const highest = map.reduce((a, b) => Math.max(a, b), 0)
  const shown = fit(reply.image)
  const [mapHeight, mapWidth] = [shape[2]!, shape[3]!]
  const heat = spread({ map, mapWidth, mapHeight, stride, warp: warpOf(reply) }, reply.image, shown)
  return h('figure', { class: 'difference' },
    h('div', { class: 'picture' }, h('img', { src: photo.url, alt: '' }), canvasOf(heat, shown, highest, { label: `Where ${name} differs` })),
    h('figcaption', {}, `${name}: |a − b|, the l2 norm over the channels of each cell`, legend(highest)))
}

function legend (highest: number): HTMLElement {
  const bar = canvasOf(Float32Array.from({ length: 256 }, (_, i) => i), { width: 256, height: 1 }, 255, { opacity: OPAQUE })
  return h('span', { class: 'legend' }, '0', bar, String(Number(highest.toPrecision(3))))
}

/** Values from 0 to `max` in colors; decoration without a label. */
function canvasOf (values: Float32Array, { width, height }: Size, max: number, { label, opacity = OPACITY }: Look): HTMLCanvasElement {
  const [low, high] = opacity
  const canvas = h('canvas', { width, height, ...label === undefined ? { 'aria-hidden': 'true' } : { role: 'img', 'aria-label': label } })
  const rgba = new Uint8ClampedArray(values.length * 4)
  for (let i = 0; i < values.length; i++) {
    const level = levelOf(values[i]!, 0, max)
    rgba.set(COLORS.subarray(level * 3, level * 3 + 3), i * 4)
    rgba[i * 4 + 3] = low + (high - low) * Math.min(level / 255, 1)
  }
  canvas.getContext('2d')!.putImageData(new ImageData(rgba, width, height), 0, 0)
  return canvas
}

function fit ({ width, height }: Size): Size {
  const scale = Math.min(1, LONGEST_SIDE / Math.max(width, height))
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}

function warpOf ({ input, warp: { scale: [scaleX, scaleY], pad: [offsetX, offsetY] } }: ExplainReply): Warp {
  return { scaleX, scaleY, offsetX, offsetY, canvas: input, padded: padToStride(input) }
}
