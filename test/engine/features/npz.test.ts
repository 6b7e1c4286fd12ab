import t from 'tap'
import { writeNpy } from '../../../engine/features/npy.ts'
import { writeNpz } from '../../../engine/features/npz.ts'

const arrays = [
  { name: 'backbone.stage2.0', shape: [1, 2, 1, 2], data: Float32Array.of(0.5, -2, 3, 4) },
  { name: 'class_ids', shape: [2], data: BigInt64Array.of(0n, 79n) },
  { name: 'boxes', shape: [0, 4], data: new Float32Array(0) }
]

t.test('it is a zip of stored .npy files, in order', async t => {
  const entries = unzip(Buffer.from(writeNpz(arrays)))
  t.same(entries.map(({ name }) => name), ['backbone.stage2.0.npy', 'class_ids.npy', 'boxes.npy'])
  entries.forEach(({ data }, i) => t.equal(Buffer.compare(data, writeNpy(arrays[i]!)), 0))
})

t.test('no array makes an empty zip', async t => {
  t.same(unzip(Buffer.from(writeNpz([]))), [])
})

t.test('the same arrays give the same bytes, dated 1 January 1980', async t => {
  const file = Buffer.from(writeNpz(arrays))
  t.equal(Buffer.compare(file, writeNpz(arrays)), 0)
  t.equal(file.readUInt32LE(10), (1 << 21) | (1 << 16))
})

/** A zip by its central directory, each entry checked against its local header and its CRC. */
function unzip (file: Buffer): Array<{ name: string, data: Buffer }> {
  const end = file.length - 22
  if (file.readUInt32LE(end) !== 0x06054b50) throw new Error('no end record')
  let at = file.readUInt32LE(end + 16)
  if (at + file.readUInt32LE(end + 12) !== end) throw new Error('the directory is not where it is said to be')
  return Array.from({ length: file.readUInt16LE(end + 10) }, () => {
    if (file.readUInt32LE(at) !== 0x02014b50) throw new Error('no directory entry')
    const name = file.toString('utf8', at + 46, at + 46 + file.readUInt16LE(at + 28))
    const data = localFile(file, file.readUInt32LE(at + 42), name)
    if (data.length !== file.readUInt32LE(at + 20) || data.length !== file.readUInt32LE(at + 24)) throw new Error(`${name}: another size`)
    if (crc32(data) !== file.readUInt32LE(at + 16)) throw new Error(`${name}: another CRC`)
    at += 46 + file.readUInt16LE(at + 28) + file.readUInt16LE(at + 30) + file.readUInt16LE(at + 32)
    return { name, data }
  })
}

function localFile (file: Buffer, at: number, name: string): Buffer {
  if (file.readUInt32LE(at) !== 0x04034b50 || file.readUInt16LE(at + 8) !== 0) throw new Error(`${name}: not a stored file`)
  const nameEnd = at + 30 + file.readUInt16LE(at + 26)
  if (file.toString('utf8', at + 30, nameEnd) !== name) throw new Error(`${name}: another name`)
  if (crc32(file.subarray(nameEnd, nameEnd + file.readUInt32LE(at + 18))) !== file.readUInt32LE(at + 14)) throw new Error(`${name}: another CRC`)
  const start = nameEnd + file.readUInt16LE(at + 28)
  return file.subarray(start, start + file.readUInt32LE(at + 18))
}

function crc32 (data: Uint8Array): number {
  let crc = ~0
  for (const byte of data) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  }
  return ~crc >>> 0
}
