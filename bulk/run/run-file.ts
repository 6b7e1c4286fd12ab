import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { fileProblem } from '../../models/file-problem.ts'
import { OtherRunError, SourceError } from '../errors.ts'
import { runKey, type RunSpec } from '../run-spec.ts'
import { FORMAT_FILES } from '../formats/formats.ts'
import { FAILED, RESULTS } from './results-file.ts'

export const RUN_FILE = 'run.json'
/** What a run over many machines has to do. */
const MANIFEST = 'manifest.jsonl'

/** A run: run.json of its output folder. */
export interface Run {
  readonly key: string
  readonly spec: RunSpec
  /** The model's, by class id. */
  readonly labels: readonly string[]
}

const runSchema = z.looseObject({ key: z.string(), spec: z.looseObject({ model: z.string() }), labels: z.array(z.string()) })

export const runOf = (spec: RunSpec, labels: readonly string[]): Run => ({ key: runKey(spec), spec, labels })

/** A run as run.json has it. */
export const runText = (run: Run): string => `${JSON.stringify(run, null, 2)}\n`

/**
 * Makes a folder the output of a run, or finds that it is.
 * @param overwrite drop the results of another run, or earlier ones of this
 * @throws OtherRunError if it has the results of another run; SourceError naming the file that can't be read or written
 */
export async function openRun (folder: string, run: Run, overwrite: boolean): Promise<void> {
  const path = join(folder, RUN_FILE)
  try {
    if (overwrite) for (const name of [RESULTS, FAILED, ...FORMAT_FILES, RUN_FILE]) await rm(join(folder, name), { force: true })
    const found = await readFile(path, 'utf8').catch(error => {
      if (error.code !== 'ENOENT') throw error
      return undefined
    })
    if (await hasResults(folder)) return checkRun(found, folder, run)
    await mkdir(folder, { recursive: true })
    await writeFile(`${path}.part`, runText(run), { flush: true })
    await rename(`${path}.part`, path)
  } catch (cause) {
    throw cause instanceof OtherRunError ? cause : new SourceError(`${path}: ${fileProblem(cause)}`, { cause })
  }
}

/** A run that found nothing, for example because its model can't be loaded, keeps no other from the folder. */
async function hasResults (folder: string): Promise<boolean> {
  const sizes = [RESULTS, MANIFEST].map(name => stat(join(folder, name)).then(({ size }) => size, () => 0))
  return (await Promise.all(sizes)).some(size => size > 0)
}

function checkRun (text: string | undefined, folder: string, { key, spec }: Run): void {
  const found = text === undefined ? undefined : parse(text)
  if (found?.key === key) return
  const problem = text === undefined ? `results, but no ${RUN_FILE}` : `a ${RUN_FILE} that is damaged or not of nanodet`
  const what = found ? `the results of ${difference(found.spec, spec)}` : problem
  throw new OtherRunError(`${folder} has ${what}; choose another --out, or replace them with --overwrite`)
}

function parse (text: string): z.infer<typeof runSchema> | undefined {
  try {
    return runSchema.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}

/** `the model nanodet-m`, `other weights`, or the options that differ. */
function difference (found: Readonly<Record<string, unknown>>, spec: RunSpec): string {
  if (found['model'] !== spec.model) return `the model ${String(found['model'])}`
  if (found['weights'] !== spec.weights) return `other weights of ${spec.model}`
  const wanted: Readonly<Record<string, unknown>> = { ...spec }
  const names = Object.keys({ ...found, ...wanted }).filter(name => JSON.stringify(found[name]) !== JSON.stringify(wanted[name]))
  return `other options (${names.map(toFlag).join(', ')})`
}

/** `scoreThreshold` → `--score-threshold` */
const toFlag = (name: string): string => `--${name.replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`
