/** nanodet detect --out DIR: a line for each image, written as it is done. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Ran } from '../../bulk/run/run-images.ts'
import { FORMATS } from '../../bulk/formats/formats.ts'
import { FolderStore } from '../../bulk/outputs/folder-store.ts'
import { readResults, ResultsFile, RESULTS } from '../../bulk/run/results-file.ts'
import { openRun, runOf, type Run } from '../../bulk/run/run-file.ts'
import { runImages } from '../../bulk/run/run-images.ts'
import { LazyModel } from '../../bulk/run/lazy-model.ts'
import { specOf } from '../../bulk/run/spec-of.ts'
import type { OpenSources } from '../../bulk/sources/open-sources.ts'
import { availableCpus } from '../../engine/cpu-quota.ts'
import type { Artifact } from '../../models/artifact.ts'
import { namesIn } from '../../models/names.ts'
import { checkAnnotations } from '../annotations.ts'
import { toDecodeOptions } from '../decode-options.ts'
import { exclusively } from '../exclusively.ts'
import { fileError } from '../files.ts'
import { Interruption } from '../interruption.ts'
import type { Io } from '../io.ts'
import { canBeListedAgain, openArgs, runError } from './open-args.ts'
import type { DetectOptions } from './options.ts'
import { RunProgress } from './run-progress.ts'
import { sayEnding } from './ending.ts'

/** Exit code of a run that has results, but not for all images. */
const SOME_FAILED = 3
const LOCK = '.nanodet-detect.held'

/** A run into a folder. */
interface Job {
  readonly args: readonly string[]
  readonly options: DetectOptions
  readonly folder: string
  readonly artifact: Artifact
  readonly run: Run
}

/** @returns 0, 3 if images failed, 130 or 143 if a signal ended it @throws CommandError */
export async function runFolder (
  args: readonly string[], options: DetectOptions, folder: string, artifact: Artifact, io: Io
): Promise<number> {
  const { labels } = artifact.config
  const decodeOptions = toDecodeOptions(options, labels)
  try {
    await checkAnnotations(options, labels)
    const { draw, crop, features } = options
    const spec = await specOf(artifact, decodeOptions, { draw, crop, features: namesIn(features ?? '') })
    const sources = await openArgs(args, options, folder)
    await mkdir(folder, { recursive: true }).catch(error => { throw fileError(folder, error) })
    const job = { args, options, folder, artifact, run: runOf(spec, labels) }
    return await exclusively(join(folder, LOCK), 0, 'nanodet detect', () => runJob(job, sources, io))
  } catch (error) {
    throw runError(error, artifact)
  }
}

async function runJob (job: Job, sources: OpenSources, io: Io): Promise<number> {
  const { folder, run, options } = job
  const start = performance.now()
  const progress = new RunProgress(io)
  const interruption = new Interruption(() => progress.note('Stopping after the images in work; again to stop at once'))
  try {
    await openRun(folder, run, options.overwrite)
    const results = await ResultsFile.open(folder)
    const ran = await detectAll(job, sources, results, { progress, signal: interruption.signal })
    const files = await writeFormats(job, { progress, signal: interruption.signal })
    progress.stop()
    const seconds = (performance.now() - start) / 1000
    sayEnding(io, { folder, json: options.json, ran, files, seconds, isInterrupted: interruption.exitCode !== undefined })
    return interruption.exitCode ?? (ran.summary.failed > 0 ? SOME_FAILED : 0)
  } finally {
    interruption.end()
    progress.stop()
    await sources.reader.close()
  }
}

interface Watched { readonly progress: RunProgress, readonly signal: AbortSignal }

async function detectAll (job: Job, { source, reader }: OpenSources, results: ResultsFile, { progress, signal }: Watched): Promise<Ran> {
  const { workers = availableCpus(), retryFailed, overwrite } = job.options
  const model = new LazyModel(job.artifact, job.run.spec, { workers })
  const counting = new AbortController()
  const counted = count(job, counting.signal, progress)
  try {
    const context = { reader, model, store: new FolderStore(job.folder) }
    return await runImages(source, context, { results, workers, retryFailed, overwrite, signal, onProgress: progress.update })
  } finally {
    counting.abort()
    await Promise.all([counted, model.close()])
  }
}

/** Counts the images in the background, for the time to go. What fails here fails the run. */
async function count ({ args, options, folder }: Job, signal: AbortSignal, progress: RunProgress): Promise<void> {
  if (progress.isHidden || !await canBeListedAgain(args)) return
  const { source, reader } = await openArgs(args, options, folder)
  try {
    progress.setTotal(await lengthOf(source.items(signal)))
  } catch {} finally { await reader.close() }
}

async function lengthOf (items: AsyncIterable<unknown>): Promise<number> {
  const iterator = items[Symbol.asyncIterator]()
  let length = 0
  while (!(await iterator.next()).done) length++
  return length
}

/** @returns the paths of what was written: none of a format that a signal has interrupted */
async function writeFormats ({ options, folder, run }: Job, { progress, signal }: Watched): Promise<string[]> {
  const store = new FolderStore(folder)
  const context = { labels: run.labels, annotations: options.annotations }
  const written: string[] = [RESULTS]
  try {
    for (const { write, path } of (options.format ?? []).map(name => FORMATS[name])) {
      for (const remark of await write(() => readResults(folder, signal), store, context)) progress.note(remark)
      written.push(path)
    }
  } catch (error) { if (!signal.aborted) throw error }
  return written.map(path => join(folder, path))
}
