/** Joins the shards' lines to the results of the run. */
import type { Format, FormatContext } from '../formats/format.ts'
import type { Line } from '../line.ts'
import type { OutputStore } from '../outputs/store.ts'
import { MANIFEST, readItems } from './manifest.ts'
import { cutShards, shardPath } from './shard.ts'
import { notProcessed } from './shard-file.ts'
import { tallyOf, type Tally } from './tally.ts'
import { textLines } from './text-lines.ts'

const RESULTS = 'results.jsonl'
const FAILED = 'failed.jsonl'
/** Characters that are written at once. */
const PIECE = 2 ** 18

export interface MergeContext {
  readonly store: OutputStore
  readonly shardSize: number
  readonly formats: readonly Format[]
  readonly context: FormatContext
}

export interface Merged {
  readonly images: number
  readonly tally: Tally
  /** Number of shards without a file: their images have the failure NOT_PROCESSED. */
  readonly missing: number
  /** Remarks of the formats, for the user. */
  readonly notes: readonly string[]
}

/**
 * Writes results.jsonl, in the order of the manifest, then failed.jsonl and the formats. Running it again gives the same.
 * @throws SourceError
 */
export async function merge ({ store, shardSize, formats, context }: MergeContext): Promise<Merged> {
  const present = new Set<string>()
  for await (const path of store.list('shards/')) present.add(path)
  let missing = 0
  async function * results (): AsyncGenerator<Uint8Array | string> {
    for await (const shard of cutShards(store.read(MANIFEST), shardSize)) {
      const path = shardPath(shard.number)
      if (present.has(path)) {
        yield * store.read(path)
        continue
      }
      missing++
      const items = await readItems(store, shard)
      yield items.map(item => `${JSON.stringify(notProcessed(item, `Shard ${shard.number} has no results: it was set apart, or lost`))}\n`).join('')
    }
  }
  await store.stream(RESULTS, results())
  const counts = await writeFailed(store)
  const notes: string[] = []
  for (const format of formats) notes.push(...await format.write(() => linesOf(store), store, context))
  return { ...counts, missing, notes }
}

async function writeFailed (store: OutputStore): Promise<Pick<Merged, 'images' | 'tally'>> {
  let images = 0
  const tally: Record<string, number> = {}
  async function * failed (): AsyncGenerator<string> {
    let piece = ''
    for await (const text of textLines(store.read(RESULTS))) {
      images++
      const [[column = 'done'] = []] = text.includes('"error":{') ? Object.entries(tallyOf([JSON.parse(text) as Line])) : []
      tally[column] = (tally[column] ?? 0) + 1
      if (column !== 'done') piece += `${text}\n`
      if (piece.length < PIECE) continue
      yield piece
      piece = ''
    }
    yield piece
  }
  await store.stream(FAILED, failed())
  return { images, tally }
}

async function * linesOf (store: OutputStore): AsyncGenerator<Line> {
  for await (const text of textLines(store.read(RESULTS))) yield JSON.parse(text) as Line
}
