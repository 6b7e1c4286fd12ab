import { join } from 'node:path'
import { counted, significant } from '../../engine/numbers.ts'
import { Session, type Picture } from '../../engine/session.ts'
import { Steps } from '../../engine/steps.ts'
import type { Artifact } from '../../models/artifact.ts'
import type { CalibrationTable } from '../../models/calibration-table.ts'
import { weightsOf } from '../../models/checkpoints/state-dict.ts'
import type { ModelConfig } from '../../models/config.ts'
import { compile } from '../../models/network.ts'
import { Calibrator } from '../../models/quantization/calibrator.ts'
import { ChannelRanges } from '../../models/quantization/channel-ranges.ts'
import { METHODS, type Method } from '../../models/quantization/choose-range.ts'
import { int8Passes } from '../../models/quantization/int8-form.ts'
import type { Weights } from '../../nn/scope.ts'
import { command } from '../command.ts'
import { compare } from '../compare.ts'
import { UsageError } from '../errors.ts'
import { FORMATS, readDataset, type Format } from '../eval/dataset.ts'
import { eachImage } from '../eval/each-image.ts'
import type { Dataset } from '../eval/ground-truth.ts'
import { imagesBelow } from '../eval/image-files.ts'
import { measureDetector } from '../eval/measure-detector.ts'
import { readInput, writeOutput } from '../files.ts'
import type { Io } from '../io.ts'
import { choice, OUTPUT_OPTIONS, text, wholeNumber } from '../options.ts'
import { readArtifact } from '../read-model.ts'
import { aboutFile, MAX_PIXELS } from '../run-model.ts'
import { findArtifact, MODEL_OPTIONS } from '../target.ts'

const MAX_ROUNDS = 10_000

type Detector = Artifact & { readonly kind: 'detector' }

interface Options {
  readonly images: string
  readonly annotations?: string | undefined
  readonly format?: Format | undefined
  readonly classNames?: string | undefined
}

/** Cost and gain of int8. */
interface Outcome {
  readonly model: string
  /** Images that the table was made from. */
  readonly images: number
  readonly method: Method
  readonly calibration: string
  /** Channels that are equalized. */
  readonly channels: number
  /** Milliseconds of a run on one thread, and the speedup of int8. */
  readonly speed: { readonly fp32: number, readonly int8: number, readonly ratio: number }
  /** On images that the table was not made from, or, if `other` is false, on all. */
  readonly ap?: { readonly fp32: number, readonly int8: number, readonly images: number, readonly other: boolean }
}

/** Makes the calibration table that a model needs to run in int8, and measures its effect. */
export const quantize = command({
  name: 'quantize',
  summary: 'Make the calibration table of a model for int8',
  options: {
    ...MODEL_OPTIONS,
    images: text('DIR', 'Typical photos for the model; a hundred are enough'),
    annotations: text('PATH', 'Their annotations, as for nanodet eval: every second image measures AP instead').optional(),
    format: choice(FORMATS, 'Format of the annotations, if it is not obvious').optional(),
    classNames: text('NAMES', 'Class names of YOLO labels: a file, or names separated by commas').optional(),
    method: choice(METHODS, 'How ranges are chosen').default('least-squares'),
    out: text('FILE', 'Calibration table; by default MODEL.calibration.json').optional(),
    rounds: wholeNumber(1, MAX_ROUNDS, 'Number of timed runs, fp32 and int8 in turn').default(50),
    ...OUTPUT_OPTIONS
  },
  details: 'Put the table beside the config as NAME.calibration.json to serve the model with PRECISION=int8.',
  examples: [
    'nanodet quantize --images photos',
    'nanodet quantize --model my.yml --images val2017 --annotations instances_val2017.json'
  ],
  async run ({ options }, io) {
    const artifact = quantizable(await findArtifact(options))
    const { method, rounds, out = `${artifact.name}.calibration.json`, json } = options
    const dataset = options.annotations === undefined ? undefined : await datasetOf(artifact, options)
    const { files, measured } = split(await imagesBelow(options.images), dataset)
    const weights = weightsOf((await readArtifact(artifact)).stateDict)
    const calibration = await calibrate({ config: artifact.config, weights, folder: options.images, files, method, io })
    await writeOutput(out, toFile(calibration))
    const picture = await prepare(artifact.config, join(options.images, files[0]!))
    const speed = await time(artifact.config, weights, calibration, picture, rounds)
    const apOf = async (own: Artifact): Promise<number> =>
      (await measureDetector(own, measured!, options.images, io)).summary.AP
    const ap = measured && {
      fp32: await apOf(artifact),
      int8: await apOf({ ...artifact, calibration: out, precision: 'int8' }),
      images: measured.images.length,
      other: measured !== dataset
    }
    const channels = Object.values(calibration.factors).flat().filter(factor => factor !== 1).length
    const outcome = { model: artifact.name, images: files.length, method, calibration: out, channels, speed, ...(ap && { ap }) }
    io.stdout.write(json ? `${JSON.stringify(outcome)}\n` : toText(outcome))
  }
})

/** @throws UsageError if the model's layers are not ours */
function quantizable (artifact: Artifact): Detector {
  if (artifact.kind === 'detector') return artifact
  const kind = artifact.kind === 'opaque' ? 'an ONNX graph that runs as it is' : 'a classifier'
  throw new UsageError(`--model: ${artifact.name} is ${kind}; only detectors with a NanoDet config can be quantized`)
}

const datasetOf = async ({ config }: Detector, { images, annotations, format, classNames }: Options) =>
  await readDataset({ images, annotations: annotations!, format, classNames, fallback: config.labels })

/** Keeps every second annotated image, in order of name, for measuring AP. If there is only one, it serves both. */
function split (files: readonly string[], dataset: Dataset | undefined): { files: readonly string[], measured: Dataset | undefined } {
  if (!dataset || dataset.images.length < 2) return { files, measured: dataset }
  const images = [...dataset.images].sort((a, b) => a.file_name < b.file_name ? -1 : 1).filter((_, i) => i % 2 === 1)
  const [names, ids] = [new Set(images.map(({ file_name: name }) => name)), new Set(images.map(({ id }) => id))]
  const annotations = dataset.annotations.filter(({ image_id: id }) => ids.has(id))
  return { files: files.filter(file => !names.has(file)), measured: { ...dataset, images, annotations } }
}

interface Calibration {
  readonly config: ModelConfig
  readonly weights: Weights
  readonly folder: string
  readonly files: readonly string[]
  readonly method: Method
  readonly io: Io
}

/** Runs all photos twice: the ranges of values depend on the factors of channels. */
async function calibrate ({ config, weights, method, ...photos }: Calibration): Promise<CalibrationTable> {
  const channels = new ChannelRanges(config, weights)
  await observe(channels, config, photos)
  const calibrator = new Calibrator(config, weights, channels.factors)
  await observe(calibrator, config, photos)
  return calibrator.table(method)
}

/** Runs one photo at a time: its values are counted, then dropped. */
async function observe (
  observer: ChannelRanges | Calibrator, config: ModelConfig, { folder, files, io }: Pick<Calibration, 'folder' | 'files' | 'io'>
): Promise<void> {
  const session = await Session.create(observer.onnx, 1)
  const run = async (path: string): Promise<void> => observer.observe(await session.run(await prepare(config, path)))
  try {
    await eachImage(folder, files, run, { inFlight: 1, io })
  } finally {
    await session.release()
  }
}

async function prepare (config: ModelConfig, path: string): Promise<Picture> {
  const input = { bytes: await readInput(path), maxPixels: MAX_PIXELS }
  return (await aboutFile(path, new Steps(config).preprocess(input))).picture
}

async function time (
  config: ModelConfig, weights: Weights, calibration: CalibrationTable, picture: Picture, rounds: number
): Promise<Outcome['speed']> {
  const float = await Session.create(compile(config, weights), 1)
  const int8 = await Session.create(compile(config, weights, { passes: int8Passes(calibration) }), 1)
  const [before, after] = await compare({ float: () => float.run(picture), int8: () => int8.run(picture) }, rounds)
  await Promise.all([float.release(), int8.release()])
  return { fp32: before!.median, int8: after!.median, ratio: after!.ratio }
}

/** A line per value, with four significant digits for ranges. */
function toFile ({ factors, ranges }: CalibrationTable): string {
  const member = (name: string, lists: Readonly<Record<string, readonly number[]>>): string => {
    const lines = Object.entries(lists).map(([key, numbers]) => `    ${JSON.stringify(key)}: [${numbers.map(number => significant(number, 4)).join(', ')}]`)
    return `  ${JSON.stringify(name)}: {\n${lines.join(',\n')}\n  }`
  }
  return `{\n${member('factors', factors)},\n${member('ranges', ranges)}\n}\n`
}

function toText ({ model, images, method, calibration, channels, speed, ap }: Outcome): string {
  const lines = [
    `${model}: calibrated on ${counted(images, 'image')} by ${method}, written to ${calibration}`,
    `${counted(channels, 'channel')} equalized`,
    `fp32 ${speed.fp32.toFixed(2)} ms, int8 ${speed.int8.toFixed(2)} ms: ` +
      `${speed.ratio.toFixed(2)} × as fast (one thread)`
  ]
  if (ap) lines.push(`AP ${ap.fp32.toFixed(4)} in fp32, ${ap.int8.toFixed(4)} in int8, on ${ap.other ? counted(ap.images, 'other image') : 'the calibration image'}`)
  return `${lines.join('\n')}\n`
}
