/** npm run detect: finds objects in photos, prints them, and draws them where asked to. */
import { statSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { dirname, extname, join, parse, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import Table from 'cli-table3'
import { annotate } from '../detector/annotate.ts'
import type { DetectResult } from '../detector/detector.ts'
import { DEFAULT_OPTIONS } from '../detector/options.ts'
import { toReply } from '../detector/reply.ts'
import type { DecodeOptions } from '../head/decode/decode.ts'
import type { ModelConfig } from '../models/config.ts'
import { classIds } from '../models/labels.ts'
import { fileError, readArguments, runAsProgram, runCommand, UsageError, type Io } from './command.ts'
import { chooseModel, detectFile, MAX_PIXELS, withDetector } from './store.ts'

const HELP = `Finds objects in photos.

  npm run detect -- photo.jpg [more.jpg ...] [options]

  --out FILE_OR_DIR       draw the objects: FILE.jpg, or DIR/photo.detected.jpg for each photo
  --model NAME            a model that the build made weights for
  --score-threshold 0.35  only objects with a higher score
  --iou-threshold 0.6     boxes of one class that overlap by more are one object
  --max-detections 100    objects a photo at the most, best first
  --classes person,car    only objects with these labels
  --json                  a line of JSON a photo, as POST /detect answers (npm run --silent keeps npm's own lines away)
  --help

Exit code: 0, 1 when a photo failed, 2 when the arguments are wrong.
`

const OPTIONS = {
  out: { type: 'string' },
  model: { type: 'string' },
  'score-threshold': { type: 'string' },
  'iou-threshold': { type: 'string' },
  'max-detections': { type: 'string' },
  classes: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false }
} as const

const COLUMNS = ['label', 'score', 'x1', 'y1', 'x2', 'y2']

interface Photo { readonly path: string, readonly target: string | undefined }

interface Request {
  readonly photos: readonly Photo[]
  readonly config: ModelConfig
  readonly options: DecodeOptions
  readonly json: boolean
}

/** @param argv without node and the script @returns the exit code */
export function main (argv: readonly string[], io: Io): Promise<number> {
  return runCommand(io, async () => {
    const request = readRequest(argv)
    if (request) return await detectAll(request, io)
    io.stdout.write(HELP)
    return 0
  })
}

/** undefined where help is asked for. */
function readRequest (argv: readonly string[]): Request | undefined {
  const { values, positionals } = readArguments({ args: argv, options: OPTIONS, allowPositionals: true })
  if (values.help) return undefined
  if (positionals.length === 0) throw new UsageError('Expected a photo: npm run detect -- photo.jpg; --help lists the options')
  const config = chooseModel(values.model)
  const options = {
    scoreThreshold: share('score-threshold', values['score-threshold']) ?? DEFAULT_OPTIONS.scoreThreshold,
    iouThreshold: share('iou-threshold', values['iou-threshold']) ?? DEFAULT_OPTIONS.iouThreshold,
    maxDetections: count('max-detections', values['max-detections']) ?? DEFAULT_OPTIONS.maxDetections,
    classes: chosenClasses(values.classes, config.labels)
  }
  return { photos: withTargets(positionals, values.out), config, options, json: values.json }
}

function share (option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^(0?\.\d+|[01](\.0*)?|0\.\d*)$/.test(text)) return Number(text)
  throw new UsageError(`--${option}: expected a number from 0 to 1, found ${text || 'nothing'}`)
}

function count (option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text)
  throw new UsageError(`--${option}: expected a whole number above 0, found ${text || 'nothing'}`)
}

function chosenClasses (text: string | undefined, labels: readonly string[]): number[] | undefined {
  try {
    return text === undefined ? undefined : classIds(text, labels)
  } catch (error) {
    throw new UsageError(`--classes: ${(error as Error).message}`)
  }
}

/** Where each photo is drawn to. @throws UsageError where a photo or another drawing would be overwritten */
function withTargets (paths: readonly string[], out: string | undefined): Photo[] {
  if (out === undefined) return paths.map(path => ({ path, target: undefined }))
  const isFile = namesFile(out)
  if (isFile && paths.length > 1) throw new UsageError('--out: expected a directory, for there are several photos')
  const photos = paths.map(path => ({ path, target: isFile ? out : join(out, `${parse(path).name}.detected.jpg`) }))
  const taken = new Set(paths.map(path => resolve(path)))
  for (const { target } of photos) {
    if (taken.has(resolve(target))) throw new UsageError(`--out: ${target} is one of the photos, or would be drawn to twice`)
    taken.add(resolve(target))
  }
  return photos
}

function namesFile (out: string): boolean {
  if (/\.jpe?g$/i.test(out)) return true
  if (extname(out) === '' || statSync(out, { throwIfNoEntry: false })?.isDirectory()) return false
  throw new UsageError(`--out: expected a .jpg file or a directory, found ${out}`)
}

async function detectAll ({ photos, config, options, json }: Request, io: Io): Promise<number> {
  return await withDetector(config, { workers: 1, threads: availableParallelism() }, async detector => {
    let exitCode = 0
    for (const photo of photos) {
      exitCode = Math.max(exitCode, await runCommand(io, async () => {
        const result = await detectFile(detector, photo.path, options)
        if (photo.target !== undefined) await draw(photo.target, result)
        io.stdout.write(json ? `${JSON.stringify({ file: photo.path, ...toReply(config, result) })}\n` : toText(photo, result))
        return 0
      }))
    }
    return exitCode
  })
}

async function draw (target: string, { bytes, objects }: DetectResult & { bytes: Buffer }): Promise<void> {
  const drawn = await annotate(bytes, objects, { maxPixels: MAX_PIXELS })
  try {
    await mkdir(dirname(target), { recursive: true })
    await writeFile(target, drawn)
  } catch (error) {
    throw fileError(target, error)
  }
}

function toText ({ path, target }: Photo, { image, objects, times }: DetectResult): string {
  const table = new Table({ head: COLUMNS, colAligns: COLUMNS.map(name => name === 'label' ? 'left' : 'right'), style: { head: [], border: [] } })
  table.push(...objects.map(({ label, score, box }) => [label, score.toFixed(2), ...box.map(value => value.toFixed(1))]))
  const steps = Object.entries(times).map(([step, ms]) => `${step} ${ms.toFixed(1)}`).join(', ')
  const lines = [`${path}: ${image.width}×${image.height}, ${objects.length} ${objects.length === 1 ? 'object' : 'objects'}; ms: ${steps}`]
  if (objects.length > 0) lines.push(table.toString())
  if (target !== undefined) lines.push(`drawn to ${target}`)
  return `${lines.join('\n')}\n`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await runAsProgram(main)
