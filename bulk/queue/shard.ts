/** A run of lines of the manifest: the images of one job. */
export interface Shard {
  /** From 0. */
  readonly number: number
  /** Of its first line in the manifest. */
  readonly offset: number
  readonly bytes: number
  /** Of images. */
  readonly count: number
}

/** Where the lines of a shard are, below OUT. */
export const shardPath = (number: number): string => `shards/${String(number).padStart(6, '0')}.jsonl`

const NEWLINE = 10

/** Cuts a manifest after every `size` lines. The shards are the same whatever the pieces in which it is read. */
export async function * cutShards (manifest: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Shard> {
  let number = 0
  let offset = 0
  let bytes = 0
  let count = 0
  for await (const chunk of manifest) {
    let start = 0
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      bytes += end + 1 - start
      start = end + 1
      if (++count < size) continue
      yield { number: number++, offset, bytes, count }
      offset += bytes
      bytes = count = 0
    }
    bytes += chunk.length - start
  }
  if (count > 0) yield { number, offset, bytes, count }
}
