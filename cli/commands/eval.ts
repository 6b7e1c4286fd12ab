/** npm run eval: measures a model's average precision on images with COCO annotations, with upstream's settings. */
import { readdir, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { Lease } from '../engine/lease.ts'
import { SCORING_OPTIONS } from '../engine/options.ts'
import type { DetectedObject } from '../engine/results.ts'
import type { ModelConfig } from '../models/config.ts'
import { cocoAp, type CocoAnnotations, type CocoResult, type CocoSummary } from './coco-ap.ts'
import { CommandError, fileError, readArguments, readInput, runAsProgram, runCommand, UsageError, type Io } from './command.ts'
import { readPrecision } from './detect-options.ts'
import { ProgressBar } from './progress-bar.ts'
import { chooseModel, detectFile, calibrationFor, withModel } from './store.ts'
import { textTable } from './text-table.ts'

const HELP = `Measures a model's average precision (AP) on images with COCO annotations.

  npm run eval -- --images DIR --annotations instances.json [options]

  --images DIR        where the annotated images lie
  --annotations FILE  COCO's instances format; categories are matched to the model's labels by name
  --model NAME        a model that the build made weights for, or any of the registry with --weights
  --weights FILE      a checkpoint: PyTorch's .pth or .ckpt, or .safetensors
  --precision fp32    fp32 or int8
  --detections FILE   write what was found, in COCO's results format
  --json              one JSON object instead of a table (npm run --silent keeps npm's own lines away)
  --help

Exit code: 0, 1 when a file can't be used, 2 when the arguments are wrong.
`

const OPTIONS = {
  images: { type: 'string' },
  annotations: { type: 'string' },
  model: { type: 'string' },
  weights: { type: 'string' },
  precision: { type: 'string' },
  detections: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false }
} as const

const FIGURES = {
  AP: 'IoU 0.50 to 0.95',
  AP50: 'IoU 0.50',
  AP75: 'IoU 0.75',
  APs: 'small objects, below 32²',
  APm: 'medium objects',
  APl: 'large objects, above 96²',
  AR1: 'recall, 1 detection an image',
  AR10: 'recall, 10 detections an image',
  AR100: 'recall, 100 detections an image'
} as const satisfies Partial<Record<keyof CocoSummary, string>>

const annotationsSchema = z.object({
  images: z.array(z.object({ id: z.number(), file_name: z.string(), width: z.number(), height: z.number() })).min(1),
  annotations: z.array(z.object({
    id: z.number(),
    image_id: z.number(),
    category_id: z.number(),
    bbox: z.tuple([z.number(), z.number(), z.number(), z.number()]),
    area: z.number(),
    iscrowd: z.literal([0, 1]).default(0)
  })),
  categories: z.array(z.object({ id: z.number(), name: z.string() }))
})

/** What is measured on what. */
export interface Subject {
  readonly images: string
  readonly annotations: string
  readonly config: ModelConfig
  readonly weights: string | undefined
  readonly calibration: string | undefined
}

interface Request extends Subject {
  readonly detections: string | undefined
  readonly json: boolean
}

/** @param argv without node and the script @returns the exit code */
export function main (argv: readonly string[], io: Io): Promise<number> {
  return runCommand(io, async () => {
    const request = readRequest(argv)
    if (request) await evaluate(request, io)
    else io.stdout.write(HELP)
    return 0
  })
}

/** undefined where help is asked for. */
function readRequest (argv: readonly string[]): Request | undefined {
  const { values } = readArguments({ args: argv, options: OPTIONS })
  const { images, annotations, model, weights, detections, json, help } = values
  if (help) return undefined
  if (images === undefined || annotations === undefined) throw new UsageError('Expected --images DIR --annotations FILE; --help lists the options')
  const config = chooseModel(model, weights)
  const calibration = calibrationFor(readPrecision(values.precision), config, weights)
  return { images, annotations, config, weights, calibration, detections, json }
}

async function evaluate ({ detections, json, ...subject }: Request, io: Io): Promise<void> {
  const { run, summary, results } = await measure(subject, io)
  io.stdout.write(json ? `${JSON.stringify({ ...run, ...summary })}\n` : toText(run, summary))
  if (detections !== undefined) await writeFile(detections, JSON.stringify(results)).catch(error => { throw fileError(detections, error) })
}

/** A model's average precision on annotated images. @throws CommandError naming the file that can't be used */
export async function measure ({ images, annotations, config, weights, calibration }: Subject, io: Io): Promise<Measured> {
  const truth = await readAnnotations(annotations)
  const categoryIds = matchCategories(truth, config, annotations)
  await readdir(images).catch(error => { throw fileError(images, error) })
  const workers = availableParallelism()
  const { results, seconds } = await withModel(config, 'detect', { workers, threads: 1, weights, calibration }, async lease => {
    const start = performance.now()
    const found = await detectAll(lease, truth.images, images, workers, io)
    return { results: toResults(found, categoryIds), seconds: (performance.now() - start) / 1000 }
  })
  const run = { model: config.name, images: truth.images.length, seconds, ms_per_image: seconds * 1000 / truth.images.length }
  return { run, summary: cocoAp(truth, results), results }
}

/** @throws CommandError naming the file, and where in it the first fault is */
async function readAnnotations (path: string): Promise<CocoAnnotations> {
  const parsed = annotationsSchema.safeParse(parseJson(path, await readInput(path)))
  if (parsed.success) return parsed.data
  const { path: place, message } = parsed.error.issues[0]!
  throw new CommandError(`${path}: no COCO annotations: ${[...place, message].join(': ')}`)
}

function parseJson (path: string, bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString())
  } catch (cause) {
    throw new CommandError(`${path}: is no JSON`, { cause })
  }
}

/** The file's category id of each of the model's classes; undefined where the file does not have it. */
function matchCategories ({ categories }: CocoAnnotations, { name, labels }: ModelConfig, path: string): (number | undefined)[] {
  const ids = new Map(categories.map(({ id, name }) => [name, id]))
  if (labels.some(label => ids.has(label))) return labels.map(label => ids.get(label))
  throw new CommandError(`${path}: has none of the categories that ${name} knows`)
}

type Image = CocoAnnotations['images'][number]

interface Found { readonly image: Image, readonly objects: readonly DetectedObject[] }

/** In the order of `images`. @throws CommandError naming the first image that can't be used */
async function detectAll (lease: Lease<'detect'>, images: readonly Image[], folder: string, inFlight: number, io: Io): Promise<Found[]> {
  const bar = new ProgressBar(images.length, io)
  const found: Found[] = []
  const rest = images.entries()
  const lane = async (): Promise<void> => {
    for (const [i, image] of rest) { // the lanes share one iterator
      found[i] = { image, objects: (await detectFile(lease, join(folder, image.file_name), SCORING_OPTIONS)).objects }
      bar.count('images')
    }
  }
  try {
    await Promise.all(Array.from({ length: inFlight }, lane))
  } finally {
    bar.stop()
  }
  return found
}

function toResults (found: readonly Found[], categoryIds: readonly (number | undefined)[]): CocoResult[] {
  return found.flatMap(({ image, objects }) => objects.flatMap(({ classId, score, box: [x1, y1, x2, y2] }) => {
    const categoryId = categoryIds[classId]
    return categoryId === undefined ? [] : [{ image_id: image.id, category_id: categoryId, bbox: [x1, y1, x2 - x1, y2 - y1], score }]
  }))
}

interface Measured { readonly run: Run, readonly summary: CocoSummary, readonly results: readonly CocoResult[] }

interface Run { readonly model: string, readonly images: number, readonly seconds: number, readonly ms_per_image: number }

function toText ({ model, images, seconds, ms_per_image: ms }: Run, summary: CocoSummary): string {
  const names = Object.keys(FIGURES) as (keyof typeof FIGURES)[]
  const rows = names.map(name => [name, summary[name] < 0 ? '–' : summary[name].toFixed(4), FIGURES[name]])
  const table = textTable({ figure: 'left', value: 'right', over: 'left' }, rows)
  return `${model}: ${images} images in ${seconds.toFixed(1)} seconds, ${ms.toFixed(1)} ms per image\n${table}\n`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await runAsProgram(main)
