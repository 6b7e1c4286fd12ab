/** The files of a run in its output: run.json says whose results it has. */
import { OtherRunError, SourceError } from '../errors.ts'
import { FORMAT_FILES } from '../formats/formats.ts'
import type { OutputStore } from '../outputs/store.ts'
import { RUN_FILE, runText, type Run } from '../run/run-file.ts'
import { MANIFEST } from './manifest.ts'
import { cutShards } from './shard.ts'

const RESULTS = ['results.jsonl', 'failed.jsonl']

/**
 * Makes an output that of a run, or finds that it is.
 * @throws OtherRunError if it has the results of another run, or of one without a queue; SourceError
 */
export async function claimOutput (store: OutputStore, run: Run): Promise<void> {
  const found = await readRun(store)
  if (!found) return await store.write(RUN_FILE, runText(run))
  const advice = 'choose another --out, or replace them with --overwrite'
  if (found.key !== run.key) throw new OtherRunError(`${store.name} has the results of another model or of other options; ${advice}`)
  if (!await store.exists(MANIFEST) && await store.exists(RESULTS[0]!)) {
    throw new OtherRunError(`${store.name} has the results of nanodet detect; ${advice}`)
  }
}

/** Removes the results of earlier runs. Pictures and other files of images stay, until they are written again. */
export async function clearOutput (store: OutputStore): Promise<void> {
  for (const path of [MANIFEST, ...RESULTS, ...FORMAT_FILES]) await store.remove(path)
  for await (const path of store.list('shards/')) await store.remove(path)
  await store.remove(RUN_FILE)
}

/** The run of an output that a machine takes shards of. @throws SourceError if it is gone, or of another run */
export async function readOutput (store: OutputStore, key: string): Promise<Run> {
  const run = await readRun(store)
  if (run?.key === key) return run
  throw new SourceError(`${store.name}: ${run ? 'has another run than the queue' : 'has no run.json: is it the same folder on all machines?'}`)
}

/** A full disk can still have room for an empty file. */
const SAMPLE = Buffer.alloc(2 ** 16)

/** Writes and removes a file, so that a machine that can't write takes no shard. @throws SourceError */
export async function checkWritable (store: OutputStore, id: string): Promise<void> {
  const path = `shards/check-${id.replaceAll(/[^\w.-]/g, '-')}`
  await store.write(path, SAMPLE)
  await store.remove(path)
}

/** How many images and shards the manifest has. */
export async function measure (store: OutputStore, shardSize: number): Promise<{ images: number, shards: number }> {
  let [images, shards] = [0, 0]
  for await (const { count } of cutShards(store.read(MANIFEST), shardSize)) {
    images += count
    shards++
  }
  return { images, shards }
}

async function readRun (store: OutputStore): Promise<Run | undefined> {
  if (!await store.exists(RUN_FILE)) return undefined
  const chunks: Uint8Array[] = []
  for await (const chunk of store.read(RUN_FILE)) chunks.push(chunk)
  try {
    return JSON.parse(Buffer.concat(chunks).toString()) as Run
  } catch {
    throw new SourceError(`${store.name}/${RUN_FILE}: damaged`)
  }
}
