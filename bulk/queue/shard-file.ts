/** The lines of a shard, in the order of the manifest: OUT/shards/000012.jsonl. */
import { FAILURE_CODES } from '../failure.ts'
import type { Item } from '../item.ts'
import { hasFailed, type Line } from '../line.ts'
import type { OutputStore } from '../outputs/store.ts'
import { shardPath } from './shard.ts'
import { textLines } from './text-lines.ts'

/** The lines of a shard that ran before; undefined if it did not, or if its file is of other images. @throws SourceError */
export async function readShard (store: OutputStore, number: number, items: readonly Item[]): Promise<Line[] | undefined> {
  const path = shardPath(number)
  if (!await store.exists(path)) return undefined
  const lines: Line[] = []
  for await (const text of textLines(store.read(path))) {
    const line = lineIn(text)
    const item = items[lines.length]
    if (!line || line.file !== item?.name || line.stamp !== item.stamp) return undefined
    lines.push(line)
  }
  return lines.length === items.length ? lines : undefined
}

/** Writes a shard as a whole: it exists with all of its lines, or not at all. @throws SourceError */
export async function writeShard (store: OutputStore, number: number, lines: readonly Line[]): Promise<void> {
  await store.write(shardPath(number), lines.map(line => `${JSON.stringify(line)}\n`).join(''))
}

/** Whether another try of an image can end otherwise. */
export const canChange = (line: Line): boolean => hasFailed(line) && FAILURE_CODES[line.error.code]

/** The line of an image that was not tried. */
export const notProcessed = ({ name, stamp }: Item, message: string): Line =>
  ({ file: name, stamp, sha256: '', error: { code: 'NOT_PROCESSED', message } })

function lineIn (text: string): Line | undefined {
  try {
    return JSON.parse(text) as Line
  } catch {
    return undefined
  }
}
