import { join } from 'node:path'
import { counted, significant } from '../../engine/numbers.ts'
import { Session, type Picture } from '../../engine/session.ts'
import { Steps } from '../../engine/steps.ts'
import type { Artifact } from '../../models/artifact.ts'
import { weightsOf } from '../../models/checkpoints/state-dict.ts'
import type { ModelConfig } from '../../models/config.ts'
import { compile } from '../../models/network.ts'
import { Calibrator } from '../../models/quantization/calibrator.ts'
import { METHODS, type Method } from '../../models/quantization/choose-range.ts'
import { int8Passes } from '../../models/quantization/int8-form.ts'
import type { CalibrationTable } from '../../nn/passes/quantize.ts'
import type { Weights } from '../../nn/scope.ts'
import { command } from '../command.ts'
import { compare } from '../compare.ts'
import { UsageError } from '../errors.ts'
import { FORMATS, readDataset, type Format } from '../eval/dataset.ts'
import { eachImage } from '../eval/each-image.ts'
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
  readonly images: number
  readonly method: Method
  readonly calibration: string
  /** Milliseconds of a run on one thread, and the speedup of int8. */
  readonly speed: { readonly fp32: number, readonly int8: number, readonly ratio: number }
  readonly ap?: { readonly fp32: number, readonly int8: number }
}

/** Makes the calibration table that a model needs to run in int8, and measures its effect. */
export const quantize = command({
  name: 'quantize',
  summary: 'Make the calibration table of a model for int8',
  options: {
    ...MODEL_OPTIONS,
    images: text('DIR', 'Typical photos for the model; a hundred are enough'),
    annotations: text('PATH', 'Their annotations, as for nanodet eval: measures AP before and after').optional(),
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
    const files = await imagesBelow(options.images)
    const weights = weightsOf((await readArtifact(artifact)).stateDict)
    const calibration = (await calibrate(artifact.config, weights, options.images, files, io)).table(method)
    await writeOutput(out, toFile(calibration))
    const picture = await prepare(artifact.config, join(options.images, files[0]!))
    const speed = await time(artifact.config, weights, calibration, picture, rounds)
    const apOf = async (own: Artifact): Promise<number> =>
      (await measureDetector(own, dataset!, options.images, io)).summary.AP
    const ap = dataset && { fp32: await apOf(artifact), int8: await apOf({ ...artifact, calibration: out, precision: 'int8' }) }
    const outcome = { model: artifact.name, images: files.length, method, calibration: out, speed, ...(ap && { ap }) }
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

/** Runs one photo at a time: its values are counted, then dropped. */
async function calibrate (
  config: ModelConfig, weights: Weights, folder: string, files: readonly string[], io: Io
): Promise<Calibrator> {
  const calibrator = new Calibrator(config, weights)
  const session = await Session.create(calibrator.onnx, 1)
  const observe = async (path: string): Promise<void> =>
    calibrator.observe(await session.run(await prepare(config, path)))
  try {
    await eachImage(folder, files, observe, { inFlight: 1, io })
  } finally {
    await session.release()
  }
  return calibrator
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

/** A line per range, rounded to four significant digits. */
function toFile (calibration: CalibrationTable): string {
  const lines = Object.entries(calibration).map(([key, range]) =>
    `  ${JSON.stringify(key)}: [${range.map(end => significant(end, 4)).join(', ')}]`)
  return `{\n${lines.join(',\n')}\n}\n`
}

function toText ({ model, images, method, calibration, speed, ap }: Outcome): string {
  const lines = [
    `${model}: calibrated on ${counted(images, 'image')} by ${method}, written to ${calibration}`,
    `fp32 ${speed.fp32.toFixed(2)} ms, int8 ${speed.int8.toFixed(2)} ms: ` +
      `${speed.ratio.toFixed(2)} × as fast (one thread)`
  ]
  if (ap) lines.push(`AP ${ap.fp32.toFixed(4)} in fp32, ${ap.int8.toFixed(4)} in int8`)
  return `${lines.join('\n')}\n`
}
