/** npm run quantize: finds the ranges that a model's values are stored in as bytes, and says what int8 costs and gains. */
import { readdir } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { significant } from '../engine/numbers.ts'
import { Session, type Picture } from '../engine/session.ts'
import { Steps } from '../engine/steps.ts'
import type { ModelConfig } from '../models/config.ts'
import { weightsOf } from '../models/checkpoints/state-dict.ts'
import { compile } from '../models/network.ts'
import { Calibrator } from '../models/quantization/calibrator.ts'
import { METHODS, type Method } from '../models/quantization/choose-range.ts'
import { int8Passes } from '../models/quantization/int8-form.ts'
import type { CalibrationTable } from '../nn/passes/quantize.ts'
import type { Weights } from '../nn/scope.ts'
import { CommandError, fileError, readArguments, readInput, runAsProgram, runCommand, UsageError, writeOutput, type Io } from './command.ts'
import { compare } from './compare.ts'
import { count } from './detect-options.ts'
import { measure } from './eval.ts'
import { ProgressBar } from './progress-bar.ts'
import { aboutFile, chooseModel, MAX_PIXELS, readStateDict } from './store.ts'

const HELP = `Quantizes a model to int8: looks at what values it has on photos, and writes the ranges to store them in.

  npm run quantize -- [MODEL] --images DIR [options]

  --images DIR        photos of the kind that the model is for; a hundred will do
  --annotations FILE  COCO's instances format: average precision is measured before and after
  --method METHOD     ${METHODS.join(', ')}; the last one by default
  --weights FILE      a checkpoint: PyTorch's .pth or .ckpt, or .safetensors
  --out FILE          where the ranges go: MODEL.calibration.json by default
  --rounds 50         how often float and int8 are run against one another
  --json              one JSON object (npm run --silent keeps npm's own lines away)
  --help

Exit code: 0, 1 when a file can't be used, 2 when the arguments are wrong.
`
const OPTIONS = {
  images: { type: 'string' },
  annotations: { type: 'string' },
  method: { type: 'string', default: 'least-squares' },
  weights: { type: 'string' },
  out: { type: 'string' },
  rounds: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false }
} as const
const ROUNDS = 50
const PHOTOS = new Set(['.jpg', '.jpeg', '.png', '.webp'])

interface Request {
  readonly config: ModelConfig
  readonly weights: string | undefined
  readonly images: string
  readonly annotations: string | undefined
  readonly method: Method
  readonly out: string
  readonly rounds: number
  readonly json: boolean
}

/** What int8 does to a model. */
interface Outcome {
  readonly model: string
  readonly images: number
  readonly method: Method
  readonly calibration: string
  /** Milliseconds of a run, one thread, and how many times as fast int8 is. */
  readonly speed: { readonly fp32: number, readonly int8: number, readonly ratio: number }
  readonly ap?: { readonly fp32: number, readonly int8: number }
}

/** @param argv without node and the script @returns the exit code */
export function main (argv: readonly string[], io: Io): Promise<number> {
  return runCommand(io, async () => {
    const request = readRequest(argv)
    if (request) {
      const outcome = await run(request, io)
      io.stdout.write(request.json ? `${JSON.stringify(outcome)}\n` : toText(outcome))
    } else io.stdout.write(HELP)
    return 0
  })
}

/** undefined where help is asked for. */
function readRequest (argv: readonly string[]): Request | undefined {
  const { values, positionals } = readArguments({ args: argv, options: OPTIONS, allowPositionals: true })
  const { images, annotations, weights, json } = values
  if (values.help) return undefined
  if (images === undefined || positionals.length > 1) throw new UsageError('Expected one model and --images DIR; --help lists the options')
  const config = chooseModel(positionals[0], weights)
  const out = values.out ?? `${config.name}.calibration.json`
  return { config, weights, images, annotations, method: readMethod(values.method), out, rounds: count('rounds', values.rounds) ?? ROUNDS, json }
}

function readMethod (text: string): Method {
  const method = METHODS.find(method => method === text)
  if (method) return method
  throw new UsageError(`--method: expected one of ${METHODS.join(', ')}, found ${text || 'nothing'}`)
}

async function run (request: Request, io: Io): Promise<Outcome> {
  const { config, weights: checkpoint, method, out, rounds } = request
  const weights = weightsOf(await readStateDict(config, checkpoint))
  const paths = await photosIn(request.images)
  const calibration = (await calibrate(config, weights, paths, io)).table(method)
  await writeOutput(out, Buffer.from(toFile(calibration)))
  const speed = await time(config, weights, calibration, await prepare(config, paths[0]!), rounds)
  const ap = await accuracy(request, io)
  return { model: config.name, images: paths.length, method, calibration: out, speed, ...(ap && { ap }) }
}

/** @throws CommandError where there are none */
async function photosIn (folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(error => { throw fileError(folder, error) })
  const photos = names.filter(name => PHOTOS.has(extname(name).toLowerCase())).sort()
  if (photos.length === 0) throw new CommandError(`${folder}: has no photos`)
  return photos.map(name => join(folder, name))
}

/** One photo after the other: their values are counted, and let go. */
async function calibrate (config: ModelConfig, weights: Weights, paths: readonly string[], io: Io): Promise<Calibrator> {
  const calibration = new Calibrator(config, weights)
  const session = await Session.create(calibration.onnx, 1)
  const bar = new ProgressBar(paths.length, io)
  try {
    for (const path of paths) {
      calibration.observe(await session.run(await prepare(config, path)))
      bar.count('images')
    }
  } finally {
    bar.stop()
    await session.release()
  }
  return calibration
}

async function prepare (config: ModelConfig, path: string): Promise<Picture> {
  const { picture } = await aboutFile(path, new Steps(config).preprocess({ bytes: await readInput(path), maxPixels: MAX_PIXELS }))
  return picture
}

async function time (config: ModelConfig, weights: Weights, calibration: CalibrationTable, picture: Picture, rounds: number): Promise<Outcome['speed']> {
  const float = await Session.create(compile(config, weights), 1)
  const int8 = await Session.create(compile(config, weights, { passes: int8Passes(calibration) }), 1)
  const [before, after] = await compare({ float: () => float.run(picture), int8: () => int8.run(picture) }, rounds)
  await Promise.all([float.release(), int8.release()])
  return { fp32: before!.median, int8: after!.median, ratio: after!.ratio }
}

async function accuracy ({ annotations, out, ...subject }: Request, io: Io): Promise<Outcome['ap']> {
  if (annotations === undefined) return undefined
  const apWith = async (calibration: string | undefined): Promise<number> =>
    (await measure({ ...subject, annotations, calibration }, io)).summary.AP
  return { fp32: await apWith(undefined), int8: await apWith(out) }
}

/** A line a range, with as many digits as say something. */
function toFile (calibration: CalibrationTable): string {
  const lines = Object.entries(calibration).map(([key, ends]) => `  ${JSON.stringify(key)}: [${ends.map(end => significant(end, 4)).join(', ')}]`)
  return `{\n${lines.join(',\n')}\n}\n`
}

function toText ({ model, images, method, calibration, speed, ap }: Outcome): string {
  const lines = [
    `${model}: calibrated on ${images} images by ${method}, written to ${calibration}`,
    `fp32 ${speed.fp32.toFixed(2)} ms, int8 ${speed.int8.toFixed(2)} ms: ${speed.ratio.toFixed(2)} × as fast (one thread)`
  ]
  if (ap) lines.push(`AP ${ap.fp32.toFixed(4)} in fp32, ${ap.int8.toFixed(4)} in int8`)
  return `${lines.join('\n')}\n`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await runAsProgram(main)
