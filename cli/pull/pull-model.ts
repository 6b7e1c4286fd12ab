/** Puts the checkpoint of a model of the registry into a folder: fetched, verified, locked, then moved into place. */
import { createReadStream } from 'node:fs'
import { constants, copyFile, mkdir, readdir, stat } from 'node:fs/promises'
import { basename, join, parse } from 'node:path'
import { fileURLToPath } from 'node:url'
import { builtInCalibration } from '../../models/calibration-table.ts'
import type { ModelConfig } from '../../models/config.ts'
import { CommandError } from '../errors.ts'
import { fileError } from '../files.ts'
import { download, type DownloadOptions } from './download.ts'
import { DownloadError, TooLargeError } from './errors.ts'
import { exclusively } from '../exclusively.ts'
import { readModelsLock, sha256Of, writeLockEntry, type LockEntry } from './models-lock.ts'
import { PartialFile } from './partial-file.ts'
import { shownUrl } from './sources.ts'
import { verifyCheckpoint } from './verify.ts'

const OTHER_FORMATS = ['.pth', '.pt', '.safetensors', '.onnx']

export interface PullOptions extends DownloadOptions {
  readonly config: ModelConfig
  /** The only source to use. */
  readonly from?: URL | undefined
  /** Otherwise: where the checkpoint is published, the preferred source first. */
  readonly published: readonly URL[]
  readonly dir: string
  /** Fetch again, and accept another file than the locked one. */
  readonly update: boolean
  readonly onSource: (model: string, source: string) => void
  /** A source has failed, and another one is tried. */
  readonly onNextSource: (problem: string) => void
}

export interface Pulled extends LockEntry {
  readonly model: string
  readonly status: 'pulled' | 'up to date'
}

/**
 * Pulls one model. Nothing that is there is replaced by a file that does not load.
 * @throws CommandError with the problem and a remedy
 */
export async function pullModel (options: PullOptions): Promise<Pulled> {
  const { dir, config: { name } } = options
  await mkdir(dir, { recursive: true }).catch(error => { throw fileError(dir, error) })
  return await exclusively(join(dir, `.${name}.ckpt.held`), 0, 'nanodet models pull', async () => {
    const entry = (await readModelsLock(dir)).get(name)
    const target = join(dir, `${name}.ckpt`)
    await refuseOthers(dir, name)
    const isThere = await stat(target).then(() => true, () => false)
    if (isThere && !options.update) return { model: name, status: 'up to date', ...await checkLocked(target, entry, options) }
    const pulled = await fetchAny(target, entry, options)
    await addCalibration(pulled, options)
    return { model: name, status: 'pulled', ...pulled }
  })
}

/** A published checkpoint's calibration table goes beside it, unless there is one. Weights from the build have others. */
async function addCalibration ({ source }: LockEntry, { config, dir, published }: PullOptions): Promise<void> {
  const table = config.weights ? undefined : builtInCalibration(config)
  if (table === undefined || !published.some(url => shownUrl(url) === source)) return
  await copyFile(table, join(dir, `${config.name}.calibration.json`), constants.COPYFILE_EXCL).catch(error => {
    if (error.code !== 'EEXIST') throw fileError(dir, error)
  })
}

/** Two checkpoints of one name can't be served. */
async function refuseOthers (dir: string, name: string): Promise<void> {
  const other = (await readdir(dir)).find(file => parse(file).name === name && OTHER_FORMATS.includes(parse(file).ext))
  if (other !== undefined) throw new CommandError(`${join(dir, other)} is a checkpoint for ${name}, too: move it away first`)
}

/** The entry of a file that is there. @throws CommandError if it is not the file that was pulled, or came from elsewhere */
async function checkLocked (target: string, entry: LockEntry | undefined, { from }: PullOptions): Promise<LockEntry> {
  if (!entry) throw new CommandError(`${target} was not pulled: move it away, or replace it with --update`)
  const found = await sha256Of(target)
  if (found !== entry.sha256) throw new CommandError(`${target} has changed since it was pulled: ${mismatch(entry, found)}; --update pulls it again`)
  if (!from || shownUrl(from) === entry.source) return entry
  throw new CommandError(`${target} was pulled from ${entry.source}; --update replaces it`)
}

const mismatch = ({ sha256 }: LockEntry, found: string): string => `SHA-256 ${found}, locked ${sha256}`

/** From the first source that delivers. @throws CommandError with the problem of each */
async function fetchAny (target: string, entry: LockEntry | undefined, options: PullOptions): Promise<LockEntry> {
  const problems: string[] = []
  for (const source of sourcesFor(entry, options)) {
    if (problems.length > 0) options.onNextSource(problems.at(-1)!)
    try {
      return await fetchFrom(source, target, entry, options)
    } catch (error) {
      if (!(error instanceof DownloadError)) throw error
      problems.push(error.message)
    }
  }
  throw nothingDelivered(options.config.name, problems)
}

function nothingDelivered (name: string, problems: readonly string[]): CommandError {
  const [first, ...more] = problems
  if (first === undefined) return new CommandError(`${name}: the authors published no checkpoint; give another source with --from`)
  if (more.length === 0) return new CommandError(first)
  return new CommandError(`${name}: all downloads failed; give another source with --from\n${problems.map(problem => `  ${problem}`).join('\n')}`)
}

/** The locked source goes first. */
function sourcesFor (entry: LockEntry | undefined, { from, published, update }: PullOptions): URL[] {
  if (from) return [from]
  if (!entry || update) return [...published]
  return [new URL(entry.source), ...published.filter(({ href }) => href !== entry.source)]
}

async function fetchFrom (source: URL, target: string, entry: LockEntry | undefined, options: PullOptions): Promise<LockEntry> {
  const { config, dir, update, onSource } = options
  const partial = new PartialFile(join(dir, `.${basename(target)}.partial`))
  const shown = shownUrl(source)
  onSource(config.name, shown)
  await (source.protocol === 'file:' ? copy(source, partial, options) : download(source, partial, options))
  try {
    await verifyCheckpoint(partial.path, config, shown)
    const next = { file: basename(target), bytes: await partial.size(), sha256: await sha256Of(partial.path), source: shown }
    if (entry && !update && entry.sha256 !== next.sha256) {
      throw new CommandError(`${shown}: another file than the one that is locked: ${mismatch(entry, next.sha256)}; --update accepts it`)
    }
    await writeLockEntry(dir, config.name, next) // first: a pull that ends here is completed by the next one
    await partial.moveTo(target)
    return next
  } finally {
    await partial.discard()
  }
}

/** Devices and pipes have no size beforehand. */
async function copy (source: URL, partial: PartialFile, { maxSize, signal, onProgress }: PullOptions): Promise<void> {
  const path = fileURLToPath(source)
  try {
    const { size } = await stat(path)
    if (size > maxSize) throw new TooLargeError(source, maxSize)
    let received = 0
    await partial.begin({ url: source.href })
    await partial.append(createReadStream(path, { signal }), count => {
      received += count
      if (received > maxSize) throw new TooLargeError(source, maxSize)
      onProgress(received, size)
    })
  } catch (error) {
    await partial.discard()
    signal.throwIfAborted()
    throw error instanceof CommandError ? error : fileError(path, error)
  }
}
