/** numpy's .npy format, version 1.0: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html */
import type { NamedArray } from './array.ts'

const MAGIC = Buffer.from('\x93NUMPY\x01\x00', 'latin1')
const LENGTH_BYTES = 2
const ALIGNMENT = 64

/** An array as an .npy file: little-endian, like all machines that Node runs on, and in C order. */
export function writeNpy ({ shape, data }: Omit<NamedArray, 'name'>): Uint8Array {
  const header = padded(`{'descr': '${dtype(data)}', 'fortran_order': False, 'shape': ${tuple(shape)}, }`)
  const length = Buffer.alloc(LENGTH_BYTES)
  length.writeUInt16LE(header.length)
  return Buffer.concat([MAGIC, length, header, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)])
}

function dtype (data: NamedArray['data']): string {
  if (data instanceof Float32Array) return '<f4'
  return data instanceof Int32Array ? '<i4' : '<i8'
}

/** A Python tuple: `()`, `(3,)`, `(3, 4)`. */
const tuple = (shape: readonly number[]): string => `(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`

/** The header ends in a line feed, after as many spaces as align the data. */
function padded (header: string): Buffer {
  const length = MAGIC.length + LENGTH_BYTES + header.length + 1
  const spaces = -length & (ALIGNMENT - 1)
  return Buffer.from(`${header}${' '.repeat(spaces)}\n`, 'latin1')
}
