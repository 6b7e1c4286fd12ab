/** npm run features: what a model's layers make of photos, as arrays or as pictures. */
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { Lease } from '../engine/lease.ts'
import { FILE_FORMATS, type FileFormat, type ReduceMode, type Rendering } from '../engine/results.ts'
import type { DecodeOptions } from '../head/decode/decode.ts'
import { chooseLayers, UnknownLayerError, type ChosenLayer } from '../models/choose-layers.ts'
import type { ModelConfig } from '../models/config.ts'
import { readArguments, readInput, runAsProgram, runCommand, UsageError, writeOutput, type Io } from './command.ts'
import { count, DETECT_HELP, DETECT_OPTIONS, readDetectOptions, readPrecision } from './detect-options.ts'
import { featureFiles, type FeatureFile, type PhotoFiles } from './feature-files.ts'
import { describeLayers, describePhoto, type Description } from './feature-text.ts'
import { aboutFile, chooseModel, MAX_PIXELS, calibrationFor, withModel } from './store.ts'

const HELP = `Shows what a model's layers make of photos.

  npm run features -- photo.jpg [more.jpg ...] [options]
  npm run features -- --list

  --layers NAMES          stage2,stage3,stage4 by default: short names, paths (backbone.stage2.0) and globs ('backbone.stage3.*')
  --format FORMAT         files of all layers: npz (the default), safetensors, json (to stdout without --out)
                          files of one layer: npy, png (its channels), overlay (the photo, coloured by the layer)
  --reduce l2             overlay: mean, max, l2 or eigen of a cell's channels, or the number of a channel
  --channels 64           png: channels at the most, the liveliest first
  --values                json: all values, not only statistics
  --out DIR               where the files go; the current directory by default
  --list                  the layers that the model has
${DETECT_HELP}
  --json                  a line of JSON a photo instead of tables (npm run --silent keeps npm's own lines away)
  --help

Exit code: 0, 1 when a photo failed, 2 when the arguments are wrong.
`

const OPTIONS = {
  ...DETECT_OPTIONS,
  layers: { type: 'string', default: 'stage2,stage3,stage4' },
  format: { type: 'string', default: 'npz' },
  reduce: { type: 'string', default: 'l2' },
  channels: { type: 'string' },
  values: { type: 'boolean', default: false },
  out: { type: 'string' },
  list: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false }
} as const

const DEFAULT_CHANNELS = 64

interface Request {
  readonly photos: readonly string[]
  readonly config: ModelConfig
  readonly weights: string | undefined
  readonly calibration: string | undefined
  readonly layers: string
  readonly rendering: Rendering & { readonly format: FileFormat }
  readonly options: DecodeOptions
  /** undefined: to stdout. */
  readonly folder: string | undefined
  readonly list: boolean
  readonly json: boolean
}

/** @param argv without node and the script @returns the exit code */
export function main (argv: readonly string[], io: Io): Promise<number> {
  return runCommand(io, async () => {
    const request = readRequest(argv)
    if (request) return await run(request, io)
    io.stdout.write(HELP)
    return 0
  })
}

/** undefined where help is asked for. */
function readRequest (argv: readonly string[]): Request | undefined {
  const { values, positionals: photos } = readArguments({ args: argv, options: OPTIONS, allowPositionals: true })
  if (values.help) return undefined
  if (photos.length === 0 && !values.list) throw new UsageError('Expected a photo: npm run features -- photo.jpg; --help lists the options')
  const config = chooseModel(values.model, values.weights)
  const format = readFormat(values.format)
  const channels = count('channels', values.channels) ?? DEFAULT_CHANNELS
  const rendering = { format, values: values.values, channels, reduce: readReduce(values.reduce) }
  const options = readDetectOptions(values, config.labels)
  const folder = values.out ?? (format === 'json' ? undefined : '.')
  const { weights, layers, list } = values
  const calibration = calibrationFor(readPrecision(values.precision), config, weights)
  return { photos, config, weights, calibration, layers, rendering, options, folder, list, json: values.json || folder === undefined }
}

function readFormat (text: string): FileFormat {
  const format = FILE_FORMATS.find(format => format === text)
  if (format) return format
  throw new UsageError(`--format: expected one of ${FILE_FORMATS.join(', ')}, found ${text || 'nothing'}`)
}

function readReduce (text: string): ReduceMode {
  if (/^(mean|max|l2|eigen)$/.test(text)) return text as ReduceMode
  if (/^\d{1,4}$/.test(text)) return Number(text)
  throw new UsageError(`--reduce: expected mean, max, l2, eigen or the number of a channel, found ${text || 'nothing'}`)
}

async function run (request: Request, io: Io): Promise<number> {
  const { photos, config, weights, calibration, folder, rendering, list, json } = request
  return await withModel(config, 'features', { workers: 1, threads: availableParallelism(), weights, calibration }, async lease => {
    if (list) {
      io.stdout.write(json ? `${JSON.stringify({ layers: lease.model.layers })}\n` : describeLayers(lease.model.layers))
      return 0
    }
    const planned = featureFiles(photos, folder, rendering.format, choose(request.layers, lease))
    return await lookIntoAll(lease, planned, request, io)
  })
}

function choose (names: string, lease: Lease<'features'>): ChosenLayer[] {
  try {
    return chooseLayers(names, lease.model.layers)
  } catch (error) {
    throw error instanceof UnknownLayerError ? new UsageError(`--layers: ${error.message}; --list shows all`) : error
  }
}

async function lookIntoAll (lease: Lease<'features'>, planned: readonly PhotoFiles[], request: Request, io: Io): Promise<number> {
  let exitCode = 0
  for (const { photo, files } of planned) {
    exitCode = Math.max(exitCode, await runCommand(io, async () => {
      const description = await lookInto(lease, photo, files, request)
      const written = files.flatMap(({ path }) => path ?? [])
      io.stdout.write(request.json ? `${JSON.stringify({ file: photo, ...description, files: written })}\n` : describePhoto(photo, description, written))
      return 0
    }))
  }
  return exitCode
}

/** Writes a photo's files, and tells what is in them. */
async function lookInto (lease: Lease<'features'>, photo: string, files: readonly FeatureFile[], request: Request): Promise<Description> {
  const bytes = await readInput(photo)
  const descriptions: Description[] = []
  for (const { path, layers } of files) {
    const input = { bytes, maxPixels: MAX_PIXELS, options: request.options, layers }
    const body = (rendering: Rendering) => aboutFile(photo, lease.run({ ...input, rendering }))
    const description = await body({ ...request.rendering, format: 'json' })
    descriptions.push(JSON.parse(Buffer.concat(description.body).toString()))
    if (path !== undefined) await writeOutput(path, Buffer.concat((await body(request.rendering)).body))
  }
  return { ...descriptions[0]!, layers: descriptions.flatMap(({ layers }) => layers) }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await runAsProgram(main)
