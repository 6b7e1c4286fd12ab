/** How the channels of a layer become one map. Maps that need gradients would be further entries. */
import type { FeatureMap } from '../../../engine/features/array.ts'
import { reduceChannels } from '../../../engine/features/reduce.ts'
import type { ReduceMode } from '../../../engine/results.ts'
import { photoCells, type Alignment } from './heat-map.ts'
import type { LayerMap } from './maps.ts'

export interface Reduction { readonly name: string, readonly title: string, readonly help: string }

/** By the name that requests use. */
export const REDUCTIONS: readonly Reduction[] = [
  { name: 'l2', title: 'Strength (l2)', help: 'How strongly the layer responds, in any channels: the l2 norm' },
  { name: 'mean', title: 'Mean', help: 'The mean of the channels: strong responses with opposite signs cancel out' },
  { name: 'max', title: 'Maximum', help: 'The strongest channel' },
  { name: 'eigen', title: 'EigenCAM', help: 'The largest difference between cells: the first principal component' }
]

const CHANNEL = /^\d{1,9}$/

/** The channel that a reduction selects, if it does. */
export const channelIn = (reduce: string): number | undefined => CHANNEL.test(reduce) ? Number(reduce) : undefined

/** The mode by its name: l2 for what a layer with so many channels does not have. */
export function modeOf (reduce: string, channels: number): ReduceMode {
  const channel = channelIn(reduce)
  if (channel !== undefined) return channel < channels ? channel : 'l2'
  return (REDUCTIONS.find(({ name }) => name === reduce)?.name ?? 'l2') as ReduceMode
}

/** The map of a layer, as the server makes it. */
export function mapOf (alignment: Alignment, name: string, feature: FeatureMap, reduce: string): LayerMap {
  const [, channels, height, width] = feature.shape as [number, number, number, number]
  const stride = alignment.input.width / width
  const data = reduceChannels(feature, modeOf(reduce, channels), photoCells(alignment, { stride, width, height }))
  return { name, stride, width, height, data }
}

/** Whether a layer has one channel per class: the logits of the head. */
export const hasClasses = (layer: string, channels: number, labels: readonly string[]): boolean =>
  /^pred\d+$/.test(layer) && channels >= labels.length

/** The score, 0 … 1, of a logit. */
export const scoreOf = (logit: number): number => 1 / (1 + Math.exp(-logit))
