/** Zip files with the oddities that real ones have. */
import { crc32, deflateRawSync } from 'node:zlib'

export interface ZipEntry {
  readonly name: string | Buffer
  readonly text?: string
  /** By default `text`, as the method says. */
  readonly data?: Buffer
  readonly method?: number
  readonly flags?: number
  /** In the list of entries, in place of the true ones. */
  readonly crc?: number
  readonly declared?: number
  readonly offset?: number
}

const LOCAL = 0x04034b50
const CENTRAL = 0x02014b50
const END = 0x06054b50

export function zip (entries: readonly ZipEntry[]): Buffer {
  const [locals, centrals]: [Buffer[], Buffer[]] = [[], []]
  let offset = 0
  for (const entry of entries) {
    const { local, central } = toRecords(entry, offset)
    locals.push(local)
    centrals.push(central)
    offset += local.length
  }
  const list = Buffer.concat(centrals)
  const end = record([[END, 4], [0, 4], [entries.length, 2], [entries.length, 2], [list.length, 4], [offset, 4], [0, 2]])
  return Buffer.concat([...locals, list, end])
}

function toRecords (entry: ZipEntry, at: number): { local: Buffer, central: Buffer } {
  const { text = '', method = 0, flags = 0, data = method === 8 ? deflateRawSync(text) : Buffer.from(text) } = entry
  const name = Buffer.from(entry.name as string)
  const { crc = crc32(text), declared = Buffer.byteLength(text), offset = at } = entry
  const shared = [[20, 2], [flags, 2], [method, 2], [0, 4], [crc, 4], [data.length, 4], [declared, 4], [name.length, 2], [0, 2]] as const
  return {
    local: Buffer.concat([record([[LOCAL, 4], ...shared]), name, data]),
    central: Buffer.concat([record([[CENTRAL, 4], [20, 2], ...shared, [0, 4], [0, 2], [0, 4], [offset, 4]]), name])
  }
}

/** Numbers, each with its bytes. */
function record (values: ReadonlyArray<readonly [number, number]>): Buffer {
  return Buffer.concat(values.map(([value, bytes]) => {
    const buffer = Buffer.alloc(bytes)
    buffer.writeUIntLE(value, 0, bytes)
    return buffer
  }))
}
