import type { Size } from '../../head/decode/boxes.ts'
import type { Pixels } from '../../engine/image/decode.ts'
import { warpPixels } from '../../engine/image/warp.ts'
import { warpFor } from '../../models/resize-mode.ts'
import { uniform, type Random } from '../random.ts'
import type { TruthBox } from '../spec.ts'
import { warpedObjects } from './boxes.ts'
import { matrixOf } from './matrix.ts'

/** A photo and what is on it. */
export interface Scene { readonly photo: Pixels, readonly objects: readonly TruthBox[] }

/** Range of the place where the four photos meet, as a share of the sides. */
const CENTER = [0.35, 0.65] as const

/**
 * Four scenes in one of a size, each fitted into its part. It multiplies objects and surroundings of a photo, and makes objects smaller.
 * After YOLOv4's (https://arxiv.org/abs/2004.10934), without its crop.
 */
export function mosaic (scenes: readonly Scene[], { width, height }: Size, next: Random): Scene {
  const x = Math.round(uniform(next, ...CENTER) * width)
  const y = Math.round(uniform(next, ...CENTER) * height)
  const data = new Uint8Array(width * height * 3)
  const objects = scenes.flatMap((scene, i) => {
    const [left, right] = i % 2 === 0 ? [0, x] : [x, width]
    const [top, bottom] = i < 2 ? [0, y] : [y, height]
    const part = fitted(scene, { width: right - left, height: bottom - top })
    paste(part.photo, data, (top * width + left) * 3, width * 3)
    return part.objects.map(({ box: [x1, y1, x2, y2], label }): TruthBox =>
      ({ box: [x1 + left, y1 + top, x2 + left, y2 + top], label }))
  })
  return { photo: { data, width, height }, objects }
}

function fitted ({ photo, objects }: Scene, size: Size): Scene {
  const warp = warpFor('letterbox', photo, size)
  const data = warpPixels(photo, { ...warp, padded: size })
  return { photo: { data, ...size }, objects: warpedObjects(matrixOf(warp), objects, size) }
}

function paste ({ data, width, height }: Pixels, target: Uint8Array, start: number, stride: number): void {
  for (let y = 0; y < height; y++) target.set(data.subarray(y * width * 3, (y + 1) * width * 3), start + y * stride)
}
