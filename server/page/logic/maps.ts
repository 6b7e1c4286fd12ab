import type { FeatureMap } from '../../../engine/features/array.ts'
import { readSafetensors, safetensorsMetadata } from '../../../models/checkpoints/safetensors.ts'
import type { Parameters, Server } from './server.ts'
import { tensorsOf } from './tensors.ts'

/** One value per cell of a layer. */
export interface LayerMap {
  readonly name: string
  /** Pixels of the network's input per cell. */
  readonly stride: number
  readonly width: number
  readonly height: number
  /** Row by row. */
  readonly data: Float32Array
}

export interface LayerRequest {
  readonly model: string | undefined
  readonly layers: readonly string[]
  readonly precision?: string | undefined
}

/** @param reduce mean, max, l2, eigen, or the number of a channel */
export interface MapRequest extends LayerRequest { readonly reduce: string }

/**
 * Layers of a photo, one value per cell, by the requested names. Layers that are not feature maps are left out.
 * @throws NanodetApiError
 */
export async function fetchMaps (server: Server, photo: Blob, { reduce, ...request }: MapRequest): Promise<Map<string, LayerMap>> {
  const file = await fetchFile(server, photo, request, { format: 'maps', reduce })
  const strides = JSON.parse(String(safetensorsMetadata(file)['strides'])) as Record<string, number>
  return new Map([...readSafetensors(file).parameters].map(([name, { shape, data }]) => {
    const [height, width] = shape as [number, number]
    return [name, { name, stride: strides[name]!, width, height, data }]
  }))
}

/** Whole layers of a photo, with all channels. @throws NanodetApiError */
export async function fetchTensors (server: Server, photo: Blob, request: LayerRequest): Promise<Map<string, FeatureMap>> {
  return tensorsOf(await fetchFile(server, photo, request, { format: 'safetensors' }), request.layers)
}

async function fetchFile (
  server: Server, photo: Blob, { model, layers, precision }: LayerRequest, rendering: Parameters
): Promise<Uint8Array> {
  const response = await server.send('features', photo, { model, layers: layers.join(), precision, ...rendering })
  return new Uint8Array(await response.arrayBuffer())
}
