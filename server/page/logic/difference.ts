/** How far the layers of two networks, or of one in two precisions, are apart on one photo. */
import type { Layer } from '../../../client/types.ts'
import { mapSize, type FeatureMap } from '../../../engine/features/array.ts'
import { reduceChannels } from '../../../engine/features/reduce.ts'
import type { LayerMap } from './maps.ts'

const BYTES_PER_VALUE = 4

/** Of a, the left side, and b. */
export interface Difference {
  /** ‖a − b‖ / ‖a‖; infinite if only a is all zeros. */
  readonly relative: number
  /** The largest |a − b|. */
  readonly largest: number
  /** Cosine of the angle between a and b; NaN if one of them is all zeros. */
  readonly cosine: number
}

/** A layer with the difference, or why it has none. */
export interface ComparedLayer {
  readonly name: string
  readonly difference?: Difference
  readonly problem?: string
}

/** A layer that both sides have. */
export interface SharedLayer {
  readonly name: string
  readonly shape: readonly number[]
  /** Only feature maps have one. */
  readonly stride?: number | undefined
}

/** The layers with short names sum up a network. */
const mainLayers = (layers: readonly Layer[]): SharedLayer[] =>
  layers.flatMap(({ alias, shape, stride }) => alias === undefined ? [] : [{ name: alias, shape, stride }])

/** The main layers of the left that the right has, too. */
export function sharedLayers (left: readonly Layer[], right: readonly Layer[]): SharedLayer[] {
  const names = new Set(mainLayers(right).map(({ name }) => name))
  return mainLayers(left).filter(({ name }) => names.has(name))
}

/** Size of layers as float32. */
export const bytesOf = (layers: readonly SharedLayer[]): number =>
  layers.reduce((bytes, { shape }) => bytes + shape.reduce((a, b) => a * b, 1) * BYTES_PER_VALUE, 0)

/** Compares the layers that have the same shape on both sides. */
export function compareLayers (left: ReadonlyMap<string, FeatureMap>, right: ReadonlyMap<string, FeatureMap>): ComparedLayer[] {
  return [...left].map(([name, a]): ComparedLayer => {
    const b = right.get(name)
    if (!b) return { name, problem: 'only on the left' }
    if (!haveSameShape(a, b)) return { name, problem: `${a.shape.join(' × ')} on the left, ${b.shape.join(' × ')} on the right` }
    return { name, difference: differenceOf(a.data, b.data) }
  })
}

export const haveSameShape = (a: FeatureMap, b: FeatureMap): boolean =>
  a.shape.length === b.shape.length && a.shape.every((size, axis) => size === b.shape[axis])

/** @param b as long as a */
export function differenceOf (a: Float32Array, b: Float32Array): Difference {
  let [aa, bb, ab, dd, largest] = [0, 0, 0, 0, 0]
  for (let i = 0; i < a.length; i++) {
    const x = a[i]!
    const y = b[i]!
    const d = Math.abs(x - y)
    aa += x * x
    bb += y * y
    ab += x * y
    dd += d * d
    largest = Math.max(largest, d)
  }
  return { relative: dd === 0 ? 0 : Math.sqrt(dd / aa), largest, cosine: ab / Math.sqrt(aa * bb) }
}

/** The l2 norm of a − b over the channels of each cell. Both have the shape `[1, C, H, W]`. */
export function differenceMap (a: FeatureMap, b: FeatureMap): Pick<LayerMap, 'width' | 'height' | 'data'> {
  const data = reduceChannels({ shape: a.shape, data: a.data.map((value, i) => value - b.data[i]!) }, 'l2')
  const { width, height } = mapSize(a.shape)
  return { width, height, data }
}
