const segment = (marker: number, ...data: number[]): Buffer =>
  Buffer.of(0xff, marker, (data.length + 2) >> 8, (data.length + 2) & 255, ...data)

/** A gray JPEG of 64 by 64 pixels in blocks of one level each, with a restart marker after every `interval` blocks. */
export function restartJpeg (interval: number): Buffer {
  const blocks = 64
  const coded: Buffer[] = []
  for (let first = 0, restart = 0; first < blocks; first += interval, restart++) {
    if (first > 0) coded.push(Buffer.of(0xff, 0xd0 + (restart - 1) % 8))
    coded.push(scan(Array.from({ length: Math.min(interval, blocks - first) }, (_, i) => (first + i) * 37 % 160 - 80)))
  }
  return Buffer.concat([
    Buffer.of(0xff, 0xd8),
    segment(0xdb, 0, ...Array<number>(64).fill(8)),
    segment(0xc0, 8, 0, 64, 0, 64, 1, 1, 0x11, 0),
    segment(0xc4, 0x00, 0, 0, 0, 12, ...Array<number>(12).fill(0), ...Array(12).keys()), // sizes of differences: four bits each
    segment(0xc4, 0x10, 1, ...Array<number>(15).fill(0), 0), // one bit: the block has nothing else
    segment(0xdd, interval >> 8, interval & 255),
    segment(0xda, 1, 1, 0, 0, 63, 0),
    ...coded,
    Buffer.of(0xff, 0xd9)
  ])
}

/** The levels of blocks as differences, packed and stuffed. */
function scan (levels: readonly number[]): Buffer {
  const bits = levels.map((level, i) => difference(level - (i > 0 ? levels[i - 1]! : 0)) + '0').join('')
  const bytes = bits.padEnd(Math.ceil(bits.length / 8) * 8, '1').match(/.{8}/g)!.map(byte => parseInt(byte, 2))
  return Buffer.from(bytes.flatMap(byte => byte === 0xff ? [byte, 0] : [byte]))
}

function difference (value: number): string {
  const size = value === 0 ? 0 : Math.floor(Math.log2(Math.abs(value))) + 1
  const code = value < 0 ? value + 2 ** size - 1 : value
  return size.toString(2).padStart(4, '0') + (size > 0 ? code.toString(2).padStart(size, '0') : '')
}
