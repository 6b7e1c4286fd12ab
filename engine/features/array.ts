import { FeaturesError } from '../errors.ts'

/** Numbers with a name and a shape, in C order; a layer's activation is NCHW. */
export interface NamedArray {
  readonly name: string
  readonly shape: readonly number[]
  readonly data: Float32Array | Int32Array | BigInt64Array
}

/** One image's activation of a layer. */
export interface FeatureMap {
  readonly shape: readonly number[]
  readonly data: Float32Array
}

export interface MapSize { readonly channels: number, readonly height: number, readonly width: number }

/** An array other than a feature map, such as the predictions of all levels: it can be downloaded but not drawn. */
export class NotAMapError extends FeaturesError {
  override readonly name = 'NotAMapError'
  readonly shape: readonly number[]

  constructor (shape: readonly number[]) {
    super(`[${shape.join(', ')}] is not a feature map: only [1, channels, height, width] can be drawn`)
    this.shape = shape
  }
}

/** Whether an array of this shape is a feature map: `[1, C, H, W]`, and not empty. */
export const isMap = (shape: readonly number[]): boolean => shape.length === 4 && shape[0] === 1 && shape.every(size => size > 0)

/** The sizes of a feature map `[1, C, H, W]`. @throws NotAMapError for any other shape, and for an empty one */
export function mapSize (shape: readonly number[]): MapSize {
  if (!isMap(shape)) throw new NotAMapError(shape)
  const [, channels, height, width] = shape as [number, number, number, number]
  return { channels, height, width }
}
