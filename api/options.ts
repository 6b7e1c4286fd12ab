import { resolve } from 'node:path'
import { availableCpus } from '../engine/cpu-quota.ts'
import type { EngineOptions as InnerOptions } from '../engine/engine.ts'
import { labelId } from '../engine/explain/label-id.ts'
import { DEFAULT_OPTIONS } from '../engine/options.ts'
import type { Region } from '../engine/results.ts'
import type { DecodeOptions } from '../head/decode/decode.ts'
import { PRECISIONS, type Precision } from '../models/calibration-table.ts'
import { classIds } from '../models/labels.ts'
import { REGISTRY } from '../models/registry.ts'
import { invalid, NanodetError } from './errors.ts'
import type { BoxCorners } from './results.ts'

/** The model of calls that name none. */
export const DEFAULT_MODEL = 'nanodet-m-416'
const MAX_PIXELS = 50_000_000
/** Also the server's maximum of WORKERS and THREADS. */
const MAX_PROCESSES = 256
const JOB_TIMEOUT = 30_000

export interface EngineOptions {
  /** Model to load, and to use in calls that name none: `nanodet-m-416` by default. Others are loaded when first used. */
  readonly model?: string | undefined
  /** Checkpoint for `model`, a model of docs/models.md: .ckpt, .pth or .safetensors. */
  readonly weights?: string | undefined
  /** Calibration table of `weights`; with one, the model runs in int8. */
  readonly calibration?: string | undefined
  /** Folder with your own models (docs/bring-your-own-model.md). */
  readonly modelsDir?: string | undefined
  /** `int8` is faster and a little less accurate; models without a calibration table stay at `fp32`, the default. */
  readonly precision?: Precision | undefined
  /** Processes, which run one image each at a time: 1 by default. */
  readonly workers?: number | undefined
  /** Threads that share one run of a network. By default the workers share the available cores equally. */
  readonly threads?: number | undefined
  /** Maximum number of images that wait for a worker; more are refused with OVERLOADED. Unlimited by default. */
  readonly maxQueue?: number | undefined
  /** Maximum number of pixels of an image: 50 million by default. */
  readonly maxPixels?: number | undefined
}

export interface CallOptions {
  /** One of `engine.models`. */
  readonly model?: string | undefined
  /** Rejects the call with the signal's reason. An image that still waits for a worker is dropped. */
  readonly signal?: AbortSignal | undefined
}

export interface DetectOptions extends CallOptions {
  /** Only objects with a higher score are returned, 0 … 1: 0.35 by default. */
  readonly scoreThreshold?: number | undefined
  /** Of boxes of one class that overlap by more than this (IoU), the best stays, 0 … 1: 0.6 by default. */
  readonly iouThreshold?: number | undefined
  /** Maximum number of detections, highest score first: 100 by default. */
  readonly maxDetections?: number | undefined
  /** Labels to look for; all by default. */
  readonly classes?: readonly string[] | undefined
}

/** Options for the engine of processes, and the pixels that an image may have. @throws NanodetError */
export function innerOptions (options: EngineOptions): InnerOptions & { readonly maxPixels: number } {
  const { model = DEFAULT_MODEL, workers = 1, maxQueue = Infinity, maxPixels = MAX_PIXELS } = options
  const { threads = Math.max(1, Math.floor(availableCpus() / workers)) } = options
  checkTexts(options)
  checkCounts({ workers, threads }, MAX_PROCESSES)
  checkCounts({ maxPixels })
  if (maxQueue !== Infinity) checkWhole('maxQueue', maxQueue, 0)
  const queue = { maxJobs: maxQueue, maxBytes: Infinity }
  return { workers, threads, queue, jobTimeout: JOB_TIMEOUT, maxPixels, defaultModel: model, ...modelSource(model, options) }
}

/** Programs in JavaScript may pass anything. */
function checkTexts ({ model, weights, calibration, modelsDir, precision = 'fp32' }: EngineOptions): void {
  for (const [name, value] of Object.entries({ model, weights, calibration, modelsDir })) {
    if (value !== undefined && (typeof value !== 'string' || value === '')) throw invalid(`${name}: expected text, found ${shown(value)}`)
  }
  if (!PRECISIONS.includes(precision)) throw invalid(`precision: expected ${PRECISIONS.join(' or ')}, found ${shown(precision)}`)
}

const shown = (value: unknown): string => value === '' ? 'an empty string' : String(value)

/** @throws NanodetError naming the first that is not a whole number from 1 to `max` */
export function checkCounts (counts: Readonly<Record<string, number>>, max?: number): void {
  for (const [name, value] of Object.entries(counts)) checkWhole(name, value, 1, max)
}

function checkWhole (name: string, value: number, min: number, max = Infinity): void {
  if (Number.isInteger(value) && value >= min && value <= max) return
  const range = max < Infinity ? `from ${min} to ${max}` : min > 0 ? `above ${min - 1}` : 'or Infinity'
  throw invalid(`${name}: expected a whole number ${range}, found ${value}`)
}

/** Where the engine finds its models. The processes may have another working directory: paths become absolute. */
function modelSource (model: string, options: EngineOptions): Pick<InnerOptions, 'artifacts' | 'places'> {
  const { weights, calibration, modelsDir, precision = 'fp32' } = options
  const directory = modelsDir === undefined ? undefined : resolve(modelsDir)
  const places = { builtIn: true, directory, precision }
  if (weights === undefined) {
    if (calibration !== undefined) throw invalid('calibration: expected weights, too')
    if (directory === undefined) checkHasWeights(model)
    return { places }
  }
  const config = REGISTRY.get(model)
  if (!config) throw invalid(`weights: expected one of these models: ${[...REGISTRY.keys()].join(', ')}; found ${model}`)
  const table = calibration === undefined ? undefined : resolve(calibration)
  return { places, artifacts: [{ kind: 'detector', name: model, config, checkpoint: resolve(weights), calibration: table, precision: 'int8' }] }
}

/** @throws NanodetError for a known model whose weights this package does not contain */
function checkHasWeights (model: string): void {
  const config = REGISTRY.get(model)
  if (config && !config.weights) throw new NanodetError('MODEL_NOT_FOUND', 404, `${model} needs a checkpoint: set weights`)
}

/** Options of a call as the decoder has them. @throws NanodetError; LabelError naming labels that the model lacks */
export function decodeOptions (options: DetectOptions, labels: readonly string[]): DecodeOptions {
  const { scoreThreshold, iouThreshold, maxDetections } = withDefaults(options)
  checkShares({ scoreThreshold, iouThreshold })
  checkCounts({ maxDetections })
  if (options.classes && !Array.isArray(options.classes)) throw invalid('classes: expected an array of labels')
  const classes = options.classes && classIds(options.classes.join(','), labels)
  return { scoreThreshold, iouThreshold, maxDetections, classes }
}

/** The region to explain. @throws NanodetError; LabelError if the model lacks the label, or for several */
export function regionOf (
  { region, label }: { readonly region?: BoxCorners | undefined, readonly label?: string | undefined }, labels: readonly string[]
): Region | undefined {
  if (region === undefined) {
    if (label !== undefined) throw invalid('label: expected a region, too')
    return undefined
  }
  const { x1, y1, x2, y2 } = region
  if (![x1, y1, x2, y2].every(Number.isFinite) || x1 >= x2 || y1 >= y2) throw invalid('region: expected { x1, y1, x2, y2 } with x1 < x2 and y1 < y2')
  return { box: [x1, y1, x2, y2], classId: label === undefined ? undefined : labelId(label, labels) }
}

const withDefaults = ({
  scoreThreshold = DEFAULT_OPTIONS.scoreThreshold,
  iouThreshold = DEFAULT_OPTIONS.iouThreshold,
  maxDetections = DEFAULT_OPTIONS.maxDetections
}: DetectOptions) => ({ scoreThreshold, iouThreshold, maxDetections })

function checkShares (shares: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(shares)) {
    if (!(typeof value === 'number' && value >= 0 && value <= 1)) throw invalid(`${name}: expected a number from 0 to 1, found ${value}`)
  }
}
