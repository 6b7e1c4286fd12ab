/** Warps from a photo, decoded by `decodeForCrops`, to a classifier's input. Pixels are areas here, not points: half-pixel centers. */
import { scaledForCrop } from '../../engine/image/decode.ts'
import type { Size } from '../../head/decode/boxes.ts'
import type { Warp } from '../../models/resize-mode.ts'
import { uniform, type Random } from '../random.ts'
import type { RandomCrop } from '../spec.ts'

const ATTEMPTS = 10
/** Photos that would grow by less are scaled already; their size is rounded. */
const SCALED = 1.01
/** Where libvips puts pixels when it enlarges, in pixels of the result. */
const ENLARGED_SHIFT = 0.5

/** What the served model sees of a photo. */
export function centerCrop (photo: Size, input: Size): Warp {
  const wanted = scaledForCrop(photo, input)
  const isScaled = wanted.width < SCALED * photo.width
  const { width, height } = isScaled ? photo : wanted
  const shift = isScaled ? 0 : ENLARGED_SHIFT
  const [scaleX, scaleY] = [width / photo.width, height / photo.height]
  return warpOf(input, {
    left: (Math.floor((width - input.width) / 2) - shift) / scaleX,
    top: (Math.floor((height - input.height) / 2) - shift) / scaleY,
    width: input.width / scaleX,
    height: input.height / scaleY
  })
}

/**
 * A random part of a photo, stretched to the input. If none of ten draws fits into the photo, it is the largest part of the input's ratio
 * in the center, as in torchvision/transforms/transforms.py (RandomResizedCrop), which also rounds to whole pixels.
 */
export function randomCrop (photo: Size, input: Size, { area, ratio }: RandomCrop, next: Random): Warp {
  for (let i = 0; i < ATTEMPTS; i++) {
    const pixels = photo.width * photo.height * uniform(next, ...area)
    const shape = input.width / input.height * Math.exp(uniform(next, Math.log(ratio[0]), Math.log(ratio[1])))
    const [width, height] = [Math.sqrt(pixels * shape), Math.sqrt(pixels / shape)]
    if (width > photo.width || height > photo.height) continue
    return warpOf(input, { left: uniform(next, 0, photo.width - width), top: uniform(next, 0, photo.height - height), width, height })
  }
  const scale = Math.min(photo.width / input.width, photo.height / input.height)
  const [width, height] = [input.width * scale, input.height * scale]
  return warpOf(input, { left: (photo.width - width) / 2, top: (photo.height - height) / 2, width, height })
}

/** The mirror image. */
export const mirrored = ({ scaleX, offsetX, ...rest }: Warp): Warp =>
  ({ ...rest, scaleX: -scaleX, offsetX: rest.padded.width - 1 - offsetX })

interface Part extends Size { readonly left: number, readonly top: number }

function warpOf (input: Size, { left, top, width, height }: Part): Warp {
  const [scaleX, scaleY] = [input.width / width, input.height / height]
  return { scaleX, scaleY, offsetX: (0.5 - left) * scaleX - 0.5, offsetY: (0.5 - top) * scaleY - 0.5, canvas: input, padded: input }
}
