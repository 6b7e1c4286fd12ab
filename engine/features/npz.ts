import { zipSync } from 'fflate'
import type { NamedArray } from './array.ts'
import { writeNpy } from './npy.ts'

// Stored without compression, as numpy's savez does, because activations hardly shrink. The date is fixed: same arrays, same bytes.
const OPTIONS = { level: 0, mtime: new Date(1980, 0, 1) } as const

/** Arrays as an .npz file, for `numpy.load`: a zip of one `<name>.npy` per array. */
export function writeNpz (arrays: readonly NamedArray[]): Uint8Array {
  return zipSync(Object.fromEntries(arrays.map(array => [`${array.name}.npy`, writeNpy(array)])), OPTIONS)
}
