/** Files with a compiled model: its key, a checksum of the rest, the length of the header, the header, the chunks. */
import { createHash, randomUUID } from 'node:crypto'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { deserialize, serialize } from 'node:v8'
import type { ReadModel } from '../models/loaded.ts'
import { StaleError } from './errors.ts'

/** Characters of a key, and bytes of a checksum. */
const KEY_LENGTH = 64
const SUM_LENGTH = 32
const HEADER_START = KEY_LENGTH + SUM_LENGTH + 4

type Header = Omit<ReadModel, 'body'> & { readonly sizes: readonly number[] }

/** Writes a file in one step: readers and other writers see the old one or the new one. */
export async function writeCompiled (path: string, key: string, { body, ...read }: ReadModel): Promise<void> {
  const header = serialize({ ...read, sizes: body.map(({ length }) => length) } satisfies Header)
  const size = Buffer.alloc(4)
  size.writeUInt32LE(header.length)
  const content = Buffer.concat([size, header, ...body])
  const temporary = `${path}.${randomUUID()}`
  try {
    await writeFile(temporary, [Buffer.from(key), sumOf(content), content])
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

/** Reads a file that was written with this key. @throws StaleError if it has another key or is damaged; what reading it throws */
export async function readCompiled (path: string, key: string): Promise<ReadModel> {
  const bytes = await readFile(path)
  if (bytes.toString('latin1', 0, KEY_LENGTH) !== key) throw new StaleError('it was made by another build, or for another onnxruntime or CPU')
  const content = bytes.subarray(KEY_LENGTH + SUM_LENGTH)
  if (!sumOf(content).equals(bytes.subarray(KEY_LENGTH, KEY_LENGTH + SUM_LENGTH))) throw new StaleError('it is damaged')
  return parse(bytes)
}

function parse (bytes: Buffer): ReadModel {
  let start = HEADER_START + bytes.readUInt32LE(HEADER_START - 4)
  const { sizes, ...read } = deserialize(bytes.subarray(HEADER_START, start)) as Header
  const body = sizes.map(size => {
    start += size
    return bytes.subarray(start - size, start)
  })
  return { ...read, body }
}

const sumOf = (content: Uint8Array): Buffer => createHash('sha256').update(content).digest()
