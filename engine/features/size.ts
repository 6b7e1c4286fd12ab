import type { ChosenLayer } from '../../models/choose-layers.ts'
import type { Rendering } from '../results.ts'

const BYTES = 4
const BYTES_AS_TEXT = 20
const SUMMARY_BYTES = 2048
const MAP_HEADER_BYTES = 300
const PICTURE_BYTES = 1_500_000
const TILE_BYTES = 40_000

/**
 * Estimated size of the reply with these layers, before anything is computed: exact for arrays, too high rather than
 * too low for pictures.
 */
export function estimateBytes (layers: readonly ChosenLayer[], { format, values, channels }: Rendering): number {
  const count = ({ shape }: ChosenLayer): number => shape.reduce((product, size) => product * size, 1)
  const sum = (bytes: (layer: ChosenLayer) => number): number => layers.reduce((total, layer) => total + bytes(layer), 0)
  switch (format) {
    case 'npz': case 'npy': case 'safetensors': return sum(layer => count(layer) * BYTES)
    case 'maps': return sum(({ shape }) => MAP_HEADER_BYTES + (shape.length === 4 ? shape[2]! * shape[3]! * BYTES : 0))
    case 'json': return sum(layer => SUMMARY_BYTES + (values ? count(layer) * BYTES_AS_TEXT : 0))
    case 'png': return sum(({ shape }) => Math.min(channels, shape[1] ?? 1) * TILE_BYTES)
    case 'overlay': case 'report': return layers.length * PICTURE_BYTES
  }
}
