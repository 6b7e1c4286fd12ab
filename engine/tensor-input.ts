import type { Size } from '../head/decode/boxes.ts'
import type { DetectorConfig } from '../models/config.ts'
import { hasOwnSize, padToStride } from '../models/resize-mode.ts'
import { TensorError } from './errors.ts'
import type { TensorInput } from './results.ts'
import type { Picture } from './session.ts'

/**
 * Checks a tensor as a network's input. If the input size depends on the photo, any size that a photo could give is accepted.
 * @throws TensorError naming the expected and the actual shape
 */
export function pictureOf ({ input, resizeMode }: DetectorConfig, { bytes, shape }: TensorInput): Picture {
  const size = sizeOf(shape)
  const fits = hasOwnSize(resizeMode) ? isWithin(size, input) : size?.width === input.width && size.height === input.height
  if (!size || !fits) throw new TensorError(`The input is uint8 ${expected(input, resizeMode)}, not [${shape.join(', ')}]`)
  const count = size.height * size.width * 3
  if (bytes.length !== count) throw new TensorError(`[${shape.join(', ')}] takes ${count} bytes, not ${bytes.length}`)
  return { ...size, padded: padToStride(size), pixels: bytes }
}

/** Undefined unless it is `[1, height, width, 3]`. */
function sizeOf ([images, height, width, channels, ...rest]: readonly number[]): Size | undefined {
  if (images !== 1 || channels !== 3 || rest.length > 0) return undefined
  return { height: height!, width: width! }
}

function isWithin (size: Size | undefined, most: Size): boolean {
  const fits = (length: number, longest: number): boolean => Number.isInteger(length) && length >= 1 && length <= longest
  return size !== undefined && fits(size.height, most.height) && fits(size.width, most.width)
}

function expected ({ height, width }: Size, resizeMode: DetectorConfig['resizeMode']): string {
  return hasOwnSize(resizeMode) ? `[1, 1…${height}, 1…${width}, 3]` : `[1, ${height}, ${width}, 3]`
}
