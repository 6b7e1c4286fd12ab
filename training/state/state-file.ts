import { createHash } from 'node:crypto'
import { open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { readSafetensors, safetensorsMetadata, writeSafetensors } from '../../models/checkpoints/safetensors.ts'
import { fileProblem } from '../../models/file-problem.ts'
import { TrainingError } from '../errors.ts'
import { bytesOf } from '../processes/float-bytes.ts'
import { differencesOf, type Fingerprint } from './fingerprint.ts'

/** What is kept of a run: numbers as JSON, and arrays by name. */
export interface Saved<Position> {
  readonly position: Position
  readonly arrays: ReadonlyMap<string, Float32Array>
}

const VERSION = '1'

/**
 * Writes a run's state. The file is always whole: the old state, or the new one.
 * @throws TrainingError if it can't be written
 */
export async function writeState<Position> (path: string, fingerprint: Fingerprint, { position, arrays }: Saved<Position>): Promise<void> {
  const tensors = new Map([...arrays].map(([name, data]) => [name, { shape: [data.length], data }]))
  const texts = { version: VERSION, fingerprint: JSON.stringify(fingerprint), position: JSON.stringify(position) }
  const partial = `${path}.partial`
  try {
    await writeFile(partial, writeSafetensors(tensors, { ...texts, digest: digestOf(texts, arrays) }), { flush: true })
    await rename(partial, path)
    await syncFolder(dirname(path))
  } catch (cause) {
    await rm(partial, { force: true }).catch(() => {})
    throw new TrainingError('UNWRITABLE_STATE', `can't write the state of the run: ${path}: ${fileProblem(cause)}`, { cause })
  }
}

/** SHA-256 of all that is kept. */
function digestOf ({ fingerprint, position }: Readonly<Record<string, string>>, arrays: Saved<unknown>['arrays']): string {
  const hash = createHash('sha256').update(JSON.stringify([fingerprint, position]))
  for (const name of [...arrays.keys()].sort()) hash.update(name).update(bytesOf(arrays.get(name)!))
  return hash.digest('hex')
}

/** Makes a rename permanent. Windows can't open folders. */
async function syncFolder (path: string): Promise<void> {
  const folder = await open(path).catch(() => undefined)
  await folder?.sync().catch(() => {})
  await folder?.close()
}

/**
 * Reads a run's state; undefined if the file does not exist yet.
 * @throws TrainingError if the file can't be read, or is of a run that differs
 */
export async function readState<Position> (path: string, fingerprint: Fingerprint): Promise<Saved<Position> | undefined> {
  const bytes = await readIfThere(path)
  if (!bytes) return undefined
  const { metadata, arrays } = parse(path, bytes)
  const differences = differencesOf(JSON.parse(metadata['fingerprint']!), fingerprint)
  if (differences.length > 0) {
    throw new TrainingError('OTHER_RUN', `${path} is the state of another run, with another ${listed(differences)}: start anew, or change that back`)
  }
  return { position: JSON.parse(metadata['position']!), arrays }
}

async function readIfThere (path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path)
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new TrainingError('UNREADABLE_STATE', `can't read the state of the run: ${path}: ${fileProblem(cause)}`, { cause })
  }
}

function parse (path: string, bytes: Buffer): { metadata: Record<string, string>, arrays: Map<string, Float32Array> } {
  const unreadable = (problem: string, cause?: unknown): TrainingError =>
    new TrainingError('UNREADABLE_STATE', `${path} can't be resumed from: ${problem}`, { cause })
  try {
    const metadata = safetensorsMetadata(bytes) as Record<string, string>
    const arrays = new Map([...readSafetensors(bytes).parameters].map(([name, { data }]) => [name, data]))
    if (metadata['version'] === VERSION && metadata['digest'] === digestOf(metadata, arrays)) return { metadata, arrays }
    if (metadata['version'] === VERSION) throw new Error('the file is damaged')
  } catch (cause) {
    throw unreadable((cause as Error).message, cause)
  }
  throw unreadable('it is not the state of a run, or of another version of this program')
}

const listed = (names: readonly string[]): string =>
  names.length === 1 ? names[0]! : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
