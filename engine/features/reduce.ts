/** Reduces a layer to one value per cell, for pictures. */
import { FeaturesError } from '../errors.ts'
import type { ReduceMode } from '../results.ts'
import { wholeArea, type Area } from './area.ts'
import { mapSize, type FeatureMap } from './array.ts'
import { eigenCam } from './eigen-cam.ts'

type Reduction = (feature: FeatureMap, area: Area) => Float32Array

const REDUCTIONS: Record<Exclude<ReduceMode, number>, Reduction> = { mean, max, l2, eigen: eigenCam }

/**
 * `l2` is the strength of the response at a cell, `eigen` is EigenCAM, a number is a channel.
 * @param feature activation `[1, C, H, W]`
 * @param area the cells on the photo, from which `eigen` is computed
 * @returns a map `[H, W]`
 * @throws NotAMapError for other shapes, FeaturesError for a channel that the layer does not have
 */
export function reduceChannels (feature: FeatureMap, mode: ReduceMode, area: Area = wholeArea(mapSize(feature.shape))): Float32Array {
  return typeof mode === 'number' ? channelOf(feature, mode) : REDUCTIONS[mode](feature, area)
}

/** The values `[H, W]` of one channel. */
export function channelOf ({ shape, data }: FeatureMap, channel: number): Float32Array {
  const { channels, height, width } = mapSize(shape)
  if (!(Number.isInteger(channel) && channel >= 0 && channel < channels)) {
    throw new FeaturesError(`channel ${channel} does not exist: the layer has ${channels}, counted from 0`)
  }
  return data.slice(channel * height * width, (channel + 1) * height * width)
}

function mean (feature: FeatureMap): Float32Array {
  const { channels } = mapSize(feature.shape)
  return fold(feature, 0, (sum, value) => sum + value).map(sum => sum / channels)
}

function max (feature: FeatureMap): Float32Array {
  return fold(feature, -Infinity, Math.max)
}

function l2 (feature: FeatureMap): Float32Array {
  return fold(feature, 0, (sum, value) => sum + value * value).map(Math.sqrt)
}

/** Combines all channels, cell by cell. */
function fold ({ shape, data }: FeatureMap, start: number, combine: (result: number, value: number) => number): Float32Array {
  const { height, width } = mapSize(shape)
  const cells = height * width
  const result = new Float64Array(cells).fill(start)
  for (let start = 0; start < data.length; start += cells) {
    for (let cell = 0; cell < cells; cell++) result[cell] = combine(result[cell]!, data[start + cell]!)
  }
  return Float32Array.from(result)
}
