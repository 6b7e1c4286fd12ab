import { estimateBytes } from '../engine/features/size.ts'
import type { LoadedInfo } from '../engine/models/model-info.ts'
import type { Rendering } from '../engine/results.ts'
import { chooseLayers, type ChosenLayer } from '../models/choose-layers.ts'
import { ApiError } from './errors.ts'

/**
 * The requested layers, if the reply stays within the limit.
 * @throws UnknownLayerError, ApiError REPLY_TOO_LARGE
 */
export function chooseWithin (maxBytes: number, names: string, model: Pick<LoadedInfo, 'layers'>, rendering: Rendering): ChosenLayer[] {
  const layers = chooseLayers(names, model.layers)
  const bytes = estimateBytes(layers, rendering)
  if (bytes <= maxBytes) return layers
  const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`
  throw new ApiError('REPLY_TOO_LARGE',
    `${layers.length} layers as ${rendering.format} make about ${mebibytes(bytes)}; at most ${mebibytes(maxBytes)} are sent: ask for fewer`)
}
