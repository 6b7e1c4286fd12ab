/** Memory for one photo, in the order of allocation. */

const PAGE = 65536
/** Bytes that vectors and the bits of a unit of blocks read or write past an array. */
const SPARE = 2048

let free: usize = 0

export function freeAll (): void { free = (__heap_base + 15) & ~15 } // eslint-disable-line camelcase -- the compiler's name

export function allocate (bytes: i32): usize {
  const at = free
  free = (at + bytes + SPARE + 15) & ~15
  const missing = i32((free + PAGE - 1) / PAGE) - memory.size()
  if (missing > 0) memory.grow(missing)
  return at
}
