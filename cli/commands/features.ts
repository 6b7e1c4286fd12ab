import { availableParallelism } from 'node:os'
import { z } from 'zod'
import type { Lease } from '../../engine/lease.ts'
import { CAM_FORMATS, FILE_FORMATS, type CamTarget, type FileFormat, type Rendering } from '../../engine/results.ts'
import type { DecodeOptions } from '../../head/decode/decode.ts'
import type { Precision } from '../../models/calibration-table.ts'
import { chooseLayers, UnknownLayerError, type ChosenLayer } from '../../models/choose-layers.ts'
import { command } from '../command.ts'
import { DECODE_OPTIONS, toDecodeOptions } from '../decode-options.ts'
import { UsageError } from '../errors.ts'
import { featureFiles, type FeatureFile, type PhotoFiles } from '../feature-files.ts'
import { describeLayers, describePhoto, type Description } from '../feature-text.ts'
import { readInput, writeOutput } from '../files.ts'
import { forEach } from '../for-each.ts'
import type { Io } from '../io.ts'
import { choice, flag, OUTPUT_OPTIONS, text, wholeNumber } from '../options.ts'
import { camTarget } from '../cam-target.ts'
import { aboutFile, MAX_PIXELS, withModel } from '../run-model.ts'
import { findArtifact, MODEL_OPTIONS, PRECISION_OPTION } from '../target.ts'

const DEFAULT_CHANNELS = 64
const MAX_CHANNELS = 100_000
const DEFAULT_LAYERS = 'stage2,stage3,stage4'
const REDUCE_ERROR = 'expected mean, max, l2, eigen, layercam or the number of a channel'

const reduceSchema = z.string().regex(/^(mean|max|l2|eigen|layercam|\d{1,4})$/, REDUCE_ERROR)
  .transform((text): Rendering['reduce'] => /^\d/.test(text) ? Number(text) : text as Rendering['reduce'])
  .meta({
    value: 'MODE',
    description: 'overlay, maps: one number per cell, from its channels: mean, max, l2, eigen, layercam (what raised the score of --for), or the number of one channel'
  })

interface Plan {
  readonly options: DecodeOptions
  readonly rendering: Rendering & { readonly format: FileFormat }
  readonly layers: readonly ChosenLayer[]
  readonly precision: Precision
  readonly target: CamTarget | undefined
  readonly json: boolean
}

/** Writes feature maps of photos as arrays or pictures. */
export const features = command({
  name: 'features',
  summary: 'Write feature maps of photos as arrays or pictures',
  args: { usage: 'PHOTO...', schema: z.array(z.string()) },
  options: {
    ...MODEL_OPTIONS,
    ...PRECISION_OPTION,
    layers: text('NAMES', 'Short names, paths (backbone.stage2.0) and globs (\'backbone.stage3.*\'), comma-separated ' +
      `(default ${DEFAULT_LAYERS}; of an .onnx file, its last layer)`).optional(),
    format: choice(FILE_FORMATS, 'One file per photo: npz, safetensors, maps (one value per cell), json (on stdout without --out); ' +
      'one file per layer: npy, png (its channels), overlay (the photo colored by the layer)').default('npz'),
    reduce: reduceSchema.default('l2'),
    for: text('DETECTION', 'layercam: the number of a detection, 0 for the best (default), or a label').optional(),
    channels: wholeNumber(1, MAX_CHANNELS, 'png: maximum number of channels, strongest response first')
      .default(DEFAULT_CHANNELS),
    values: flag('json: all values, not only statistics'),
    list: flag('List the model\'s layers instead'),
    ...DECODE_OPTIONS,
    out: text('DIR', 'Folder to write to (default the current one)').optional(),
    ...OUTPUT_OPTIONS
  },
  details: 'Prints a table per photo, or a line of JSON with --json. A photo that fails does not stop the others.',
  examples: [
    'nanodet features street.jpg --format overlay --out maps',
    'nanodet features street.jpg --format overlay --layers p3,p4,p5 --reduce layercam --for bus',
    'nanodet features --list --model my.onnx'
  ],
  async run ({ options, args: photos }, io) {
    const { format, values, channels, reduce, precision, list } = options
    if (photos.length === 0 && !list) throw new UsageError('Expected a photo: nanodet features PHOTO...')
    const artifact = await findArtifact(options)
    const decodeOptions = toDecodeOptions(options, artifact.config.labels)
    checkCam(options)
    const target = options.for === undefined ? undefined : camTarget(options.for, artifact.config.labels)
    const folder = options.out ?? (format === 'json' ? undefined : '.')
    return await withModel(artifact, 'features', { workers: 1, threads: availableParallelism() }, async lease => {
      if (list) return printLayers(lease, options.json, io)
      const layers = choose(options.layers, lease)
      const rendering = { format, values, channels, reduce }
      const plan = { options: decodeOptions, rendering, layers, precision, target, json: options.json || folder === undefined }
      return await writeAll(lease, featureFiles(photos, folder, format, layers), plan, io)
    })
  }
})

/** @throws UsageError for a target of another reduction, or a format without LayerCAM's maps */
function checkCam ({ for: target, reduce, format }: Pick<Rendering, 'reduce' | 'format'> & { readonly for?: string | undefined }): void {
  if (target !== undefined && reduce !== 'layercam') throw new UsageError('--for: expected together with --reduce layercam')
  if (reduce !== 'layercam' || CAM_FORMATS.includes(format)) return
  throw new UsageError(`--reduce: layercam needs --format overlay or maps; ${format} has all channels`)
}

function printLayers ({ model: { layers } }: Lease<'features'>, json: boolean, io: Io): number {
  io.stdout.write(json ? `${JSON.stringify({ layers })}\n` : describeLayers(layers))
  return 0
}

/** @throws UsageError naming the layer that the model does not have */
function choose (names: string | undefined, { model: { layers } }: Lease<'features'>): ChosenLayer[] {
  try {
    return chooseLayers(names ?? defaultLayers(layers.map(({ alias }) => alias)) ?? layers.at(-1)!.name, layers)
  } catch (error) {
    throw error instanceof UnknownLayerError ? new UsageError(`--layers: ${error.message}; --list shows all`) : error
  }
}

/** undefined if the model has no layers of these names, like an ONNX graph. */
const defaultLayers = (aliases: ReadonlyArray<string | undefined>): string | undefined =>
  DEFAULT_LAYERS.split(',').every(name => aliases.includes(name)) ? DEFAULT_LAYERS : undefined

const writeAll = (lease: Lease<'features'>, planned: readonly PhotoFiles[], plan: Plan, io: Io): Promise<number> =>
  forEach(planned, io, async ({ photo, files }) => {
    const description = await writePhoto(lease, photo, files, plan)
    const written = files.flatMap(({ path }) => path ?? [])
    return plan.json
      ? `${JSON.stringify({ file: photo, ...description, files: written })}\n`
      : describePhoto(photo, description, written)
  })

/** Writes a photo's files, and describes their content. */
async function writePhoto (
  lease: Lease<'features'>, photo: string, files: readonly FeatureFile[], { options, rendering, precision, target }: Plan
): Promise<Description> {
  const bytes = await readInput(photo)
  const descriptions: Description[] = []
  for (const { path, layers } of files) {
    const input = { bytes, maxPixels: MAX_PIXELS, options, layers, precision, target }
    const body = async (rendering: Rendering): Promise<Buffer> =>
      Buffer.concat((await aboutFile(photo, lease.run({ ...input, rendering }))).body)
    descriptions.push(JSON.parse(String(await body({ ...rendering, format: 'json' }))))
    if (path !== undefined) await writeOutput(path, await body(rendering))
  }
  return { ...descriptions[0]!, layers: descriptions.flatMap(({ layers }) => layers) }
}
