/** models.lock.json: which bytes were pulled for each model, and from where. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import { CommandError } from '../errors.ts'
import { LOCK_FILE } from '../../models/files/model-files.ts'
import { fileError } from '../files.ts'
import { exclusively } from '../exclusively.ts'

const PATIENCE = 10_000

const entrySchema = z.strictObject({
  file: z.string(), bytes: z.int().min(0), sha256: z.string().regex(/^[\da-f]{64}$/), source: z.url()
})
const lockSchema = z.strictObject({ version: z.literal(1), models: z.record(z.string(), entrySchema) })

/** A pulled file. */
export type LockEntry = Readonly<z.infer<typeof entrySchema>>

/** The entries of a folder's lock file by model; none without the file. @throws CommandError naming the file */
export async function readModelsLock (dir: string): Promise<ReadonlyMap<string, LockEntry>> {
  const path = join(dir, LOCK_FILE)
  const text = await readFile(path, 'utf8').catch(error => {
    if (error.code === 'ENOENT') return undefined
    throw fileError(path, error)
  })
  return text === undefined ? new Map() : new Map(Object.entries(parse(text, path)))
}

function parse (text: string, path: string): Record<string, LockEntry> {
  try {
    return lockSchema.parse(JSON.parse(text)).models
  } catch (cause) {
    throw new CommandError(`${path}: not a lock file of nanodet models pull; restore it, or delete it and pull again`, { cause })
  }
}

/** Adds or replaces an entry, while other processes may do the same. @throws CommandError naming the file */
export async function writeLockEntry (dir: string, model: string, entry: LockEntry): Promise<void> {
  await exclusively(join(dir, `.${LOCK_FILE}.held`), PATIENCE, 'nanodet models pull', async () => {
    const path = join(dir, LOCK_FILE)
    const entries = [...new Map(await readModelsLock(dir)).set(model, entry)].sort(([a], [b]) => a < b ? -1 : 1)
    const text = `${JSON.stringify({ version: 1, models: Object.fromEntries(entries) }, null, 2)}\n`
    const next = join(dir, `.${LOCK_FILE}.next`)
    await writeFile(next, text).then(() => rename(next, path)).catch(error => { throw fileError(path, error) })
  })
}

/** SHA-256 of a file as hex. @throws CommandError naming the file */
export async function sha256Of (path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash).catch(error => { throw fileError(path, error) })
  return hash.digest('hex')
}
