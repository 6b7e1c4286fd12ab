/** Shards of a few images, and what runs them without a network. */
import type { Item } from '../../bulk/item.ts'
import type { Line } from '../../bulk/line.ts'
import { FolderStore } from '../../bulk/outputs/folder-store.ts'
import { writeManifest } from '../../bulk/queue/manifest.ts'
import type { RunItems } from '../../bulk/queue/process-shard.ts'
import { cutShards, type Shard } from '../../bulk/queue/shard.ts'
import { allOf } from './all-of.ts'
import { resultLine } from './bulk-lines.ts'

/** Images `0` to `count - 1`, in shards of three. */
export async function planned (folder: string, count: number): Promise<{ store: FolderStore, shards: Shard[] }> {
  const store = new FolderStore(folder)
  async function * items (): AsyncGenerator<Item> {
    for (let i = 0; i < count; i++) yield { name: `${i}`, stamp: 's' }
  }
  await writeManifest(store, items())
  return { store, shards: await allOf(cutShards(store.read('manifest.jsonl'), 3)) }
}

export const failedLine = (file: string, code: string): Line => ({ file, stamp: 's', sha256: '', error: { code, message: 'why' } } as Line)
export const doneLine = (file: string, sha256 = ''): Line => ({ ...resultLine(file), stamp: 's', sha256 })

/** Gives each image the line that `toLine` says, in reverse order, as workers may. */
export const runBy = (toLine: (name: string) => Line): RunItems => async (items, onLine) => {
  for (const { name } of (await allOf(items)).reverse()) onLine(toLine(name))
}
