import { estimateBytes } from '../../../engine/features/size.ts'
import type { LoadedInfo } from '../../../engine/models/model-info.ts'
import type { ChosenLayer } from '../../../models/choose-layers.ts'
import { nearest } from '../../../models/nearest.ts'
import { OUTPUT_NAME } from '../../../models/tensor-names.ts'
import { ApiError } from '../../errors.ts'
import type { WantedOutput } from './request.ts'
import { OBJECT_OUTPUTS } from './signature.ts'

/** Maximum number of suggested layers. */
const SUGGESTIONS = 3

/** The values to compute for the requested outputs. */
export interface Plan {
  readonly objects: boolean
  readonly predictions: boolean
  readonly layers: readonly ChosenLayer[]
}

export const isObjectOutput = ({ name }: WantedOutput): boolean => OBJECT_OUTPUTS.includes(name)

/**
 * Finds layers by path or short name; other outputs have fixed names.
 * @throws ApiError UNKNOWN_LAYER with the nearest names, INVALID_PARAMETER for objects of a raw network, REPLY_TOO_LARGE
 */
export function planFor (wanted: readonly WantedOutput[], { layers }: Pick<LoadedInfo, 'layers'>, isRaw: boolean, maxBytes: number): Plan {
  const objects = wanted.some(isObjectOutput)
  if (objects && isRaw) throw new ApiError('INVALID_PARAMETER', 'outputs: detections need a photo; use the model without .raw')
  const byName = new Map(layers.flatMap(layer => [layer.name, layer.alias ?? layer.name].map(name => [name, layer] as const)))
  const chosen = wanted.filter(output => !isObjectOutput(output) && output.name !== OUTPUT_NAME).map(({ name, binary }) => {
    const layer = byName.get(name)
    if (!layer) throw unknownOutput(name, [...(isRaw ? [] : OBJECT_OUTPUTS), OUTPUT_NAME, ...byName.keys()])
    return { ...layer, label: name, binary }
  })
  checkSize(chosen, maxBytes)
  return { objects, predictions: wanted.some(({ name }) => name === OUTPUT_NAME), layers: chosen }
}

function unknownOutput (name: string, known: readonly string[]): ApiError {
  const near = nearest(name, known, { count: SUGGESTIONS })
  return new ApiError('UNKNOWN_LAYER', `outputs: unknown output ${name}${near.length > 0 ? `; the nearest are ${near.join(', ')}` : ''}`)
}

function checkSize (layers: ReadonlyArray<ChosenLayer & { readonly binary: boolean }>, maxBytes: number): void {
  const options = { channels: 0, reduce: 'l2', values: true } as const
  const bytes = layers.reduce((sum, layer) => sum + estimateBytes([layer], { ...options, format: layer.binary ? 'npy' : 'json' }), 0)
  if (bytes <= maxBytes) return
  throw new ApiError('REPLY_TOO_LARGE',
    `outputs: the layers make about ${bytes} bytes; at most ${maxBytes} are sent: ask for fewer, or for binary_data`)
}
