/** nanodet detect without a folder for results: prints what each image has, in the order of the sources. */
import { resolve } from 'node:path'
import { availableParallelism } from 'node:os'
import { SourceError, UnreadableError } from '../../bulk/errors.ts'
import type { ImageReader, Item } from '../../bulk/item.ts'
import { runLanes } from '../../bulk/run/lanes.ts'
import { LANES_PER_WORKER } from '../../bulk/run/run-images.ts'
import { joined } from '../../engine/chunks.ts'
import { availableCpus } from '../../engine/cpu-quota.ts'
import type { Lease } from '../../engine/lease.ts'
import { toReply } from '../../engine/reply.ts'
import type { DetectOutput, Timed } from '../../engine/results.ts'
import type { DecodeOptions } from '../../head/decode/decode.ts'
import type { Artifact } from '../../models/artifact.ts'
import { toDecodeOptions } from '../decode-options.ts'
import { CommandError, UsageError } from '../errors.ts'
import { writeOutput } from '../files.ts'
import type { Io } from '../io.ts'
import { reportErrors } from '../program.ts'
import { aboutFile, MAX_PIXELS, withModel } from '../run-model.ts'
import { textTable } from '../text-table.ts'
import { openArgs } from './open-args.ts'
import type { DetectOptions } from './options.ts'

const COLUMNS = { label: 'left', score: 'right', x1: 'right', y1: 'right', x2: 'right', y2: 'right' } as const
const DRAWING = { format: 'jpeg', maxSide: Infinity } as const

/** An image of a source, or why the source has none. */
type Entry = { readonly item: Item, readonly reader: ImageReader } | { readonly error: CommandError }

interface Plan {
  readonly options: DecodeOptions
  readonly json: boolean
  readonly model: string
  /** Where the only image is drawn to. */
  readonly target: string | undefined
}

/** @returns the exit code: 1 if an image or a source failed @throws CommandError, UsageError */
export async function printPhotos (
  args: readonly string[], options: DetectOptions, target: string | undefined, artifact: Artifact, io: Io
): Promise<number> {
  const plan = { options: toDecodeOptions(options, artifact.config.labels), json: options.json, model: artifact.name, target }
  const entries = entriesOf(args, options)
  const first = [await entries.next(), await entries.next()].flatMap(({ done, value }) => done ? [] : [value as Entry])
  if (target !== undefined) checkTarget(target, first)
  const isOne = first.length < 2
  const run = isOne ? { workers: 1, threads: availableParallelism() } : { workers: options.workers ?? availableCpus(), threads: 1 }
  return await withModel(artifact, 'detect', run, async lease =>
    await inOrder(followedBy(first, entries), LANES_PER_WORKER * run.workers, io, async entry => await describe(entry, lease, plan)))
}

/** The images of each source, whatever is wrong with the others. */
async function * entriesOf (args: readonly string[], options: DetectOptions): AsyncGenerator<Entry, undefined> {
  for (const arg of args) {
    try {
      const { source, reader } = await openArgs([arg], options)
      for await (const item of source.items()) yield { item, reader }
    } catch (error) {
      if (!(error instanceof SourceError)) throw error
      yield { error: new CommandError(error.message, { cause: error }) }
    }
  }
}

async function * followedBy<T> (first: readonly T[], rest: AsyncIterable<T>): AsyncGenerator<T> {
  yield * first
  yield * rest
}

/** @throws UsageError if the drawing would replace a photo, or there are several */
function checkTarget (target: string, first: readonly Entry[]): void {
  if (first.length > 1) throw new UsageError('--out: expected a folder, since there are several photos')
  for (const entry of first) {
    if ('item' in entry && resolve(entry.item.name) === resolve(target)) throw new UsageError(`--out: ${target} is the photo itself`)
  }
}

/**
 * Prints the text of each item, in their order; several are in work, and no more texts than these wait.
 * @returns the highest exit code
 */
async function inOrder<T> (items: AsyncIterable<T>, lanes: number, io: Io, textOf: (item: T) => Promise<string>): Promise<number> {
  let exitCode = 0
  let previous: Promise<unknown> = Promise.resolve()
  await runLanes(items, { lanes }, async item => {
    const text = textOf(item)
    const before = previous
    previous = Promise.allSettled([before, text])
    await before
    exitCode = Math.max(exitCode, await reportErrors(io, async () => {
      io.stdout.write(await text)
      return 0
    }))
  })
  return exitCode
}

async function describe (entry: Entry, lease: Lease<'detect'>, { options, target, json, model }: Plan): Promise<string> {
  if ('error' in entry) throw entry.error
  const { item: { name }, reader } = entry
  const bytes = await reader.read(name).catch(error => { throw readError(name, error) })
  const input = { bytes, maxPixels: MAX_PIXELS, options, ...target !== undefined && { drawing: DRAWING } }
  const result = await aboutFile(name, lease.run(input))
  if (target !== undefined) await writeOutput(target, joined(result.body!))
  return json ? `${JSON.stringify({ file: name, ...toReply(model, result) })}\n` : toText(name, result, target)
}

const readError = (name: string, error: unknown): unknown =>
  error instanceof UnreadableError ? new CommandError(`${name}: ${error.message}`, { cause: error }) : error

function toText (name: string, { image, objects, times }: Timed<DetectOutput>, target: string | undefined): string {
  const rows = objects.map(({ label, score, box }) => [label, score.toFixed(2), ...box.map(value => value.toFixed(1))])
  const steps = Object.entries(times).map(([step, ms]) => `${step} ${ms.toFixed(1)}`).join(', ')
  const count = `${objects.length} ${objects.length === 1 ? 'object' : 'objects'}`
  const lines = [`${name}: ${image.width}×${image.height}, ${count}; ms: ${steps}`]
  if (objects.length > 0) lines.push(textTable(COLUMNS, rows))
  if (target !== undefined) lines.push(`drawn to ${target}`)
  return `${lines.join('\n')}\n`
}
