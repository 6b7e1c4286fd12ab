/** OUT/manifest.jsonl: the images of a run over many machines, one a line. It is written once and never changes. */
import { SourceError } from '../errors.ts'
import type { Item } from '../item.ts'
import type { OutputStore } from '../outputs/store.ts'
import type { Shard } from './shard.ts'

export const MANIFEST = 'manifest.jsonl'
/** Characters that are written at once. */
const PIECE = 2 ** 20

/** Writes the manifest as a whole. @returns the number of images @throws SourceError */
export async function writeManifest (store: OutputStore, items: AsyncIterable<Item>): Promise<number> {
  let count = 0
  async function * pieces (): AsyncGenerator<string> {
    let piece = ''
    for await (const { name, stamp } of items) {
      piece += `${JSON.stringify({ name, stamp })}\n`
      count++
      if (piece.length < PIECE) continue
      yield piece
      piece = ''
    }
    if (piece !== '') yield piece
  }
  await store.stream(MANIFEST, pieces())
  return count
}

/** The images of a shard. @throws SourceError if the manifest is missing or is not the one that was planned */
export async function readItems (store: OutputStore, { offset, bytes, count }: Shard): Promise<Item[]> {
  const chunks: Uint8Array[] = []
  for await (const chunk of store.read(MANIFEST, { start: offset, bytes })) chunks.push(chunk)
  const lines = Buffer.concat(chunks).toString().split('\n').slice(0, -1)
  const items = lines.flatMap(line => itemIn(line) ?? [])
  if (items.length === count && lines.length === count) return items
  throw new SourceError(`${store.name}/${MANIFEST}: changed since nanodet bulk plan wrote it`)
}

function itemIn (line: string): Item | undefined {
  try {
    const { name, stamp } = JSON.parse(line) as Partial<Item>
    return typeof name === 'string' && typeof stamp === 'string' ? { name, stamp } : undefined
  } catch {
    return undefined
  }
}
