import { extname } from 'node:path'
import { z } from 'zod'
import { DEFAULT_OPTIONS } from '../../engine/options.ts'
import type { Thresholds } from '../../head/decode/in-graph.ts'
import type { Artifact } from '../../models/artifact.ts'
import { weightsOf, type StateDict } from '../../models/checkpoints/state-dict.ts'
import type { ModelConfig } from '../../models/config.ts'
import { exportEndToEnd, exportParameters, exportRaw } from '../../models/export.ts'
import { exportStep } from '../../training/graph/export-step.ts'
import { command } from '../command.ts'
import { THRESHOLD_OPTIONS } from '../decode-options.ts'
import { UsageError } from '../errors.ts'
import { writeOutput } from '../files.ts'
import { modelArgument } from '../model-argument.ts'
import { flag, OUTPUT_OPTIONS, text, wholeNumber } from '../options.ts'
import { readArtifact } from '../read-model.ts'
import { flagOf } from '../schemas.ts'
import { findArtifact, MODEL_OPTIONS } from '../target.ts'

type Form = 'end-to-end' | 'raw' | 'train-step' | 'parameters'
type Given<T> = { readonly [K in keyof T]?: T[K] | undefined }

interface Settings { readonly thresholds: Thresholds, readonly batch: number }

const EXPORTS: Record<Form, (config: ModelConfig, stateDict: StateDict, settings: Settings) => Uint8Array> = {
  'end-to-end': (config, stateDict, { thresholds }) => exportEndToEnd(config, weightsOf(stateDict), thresholds),
  raw: (config, stateDict) => exportRaw(config, weightsOf(stateDict)),
  'train-step': (config, stateDict, { batch }) => exportStep(config, stateDict, batch),
  parameters: exportParameters
}
const DEFAULT_BATCH = 8
const MAX_BATCH = 256

const { scoreThreshold, iouThreshold, maxDetections } = THRESHOLD_OPTIONS

/** Writes a model as a file for other programs. */
export const exportCommand = command({
  name: 'export',
  summary: 'Write a model as ONNX or safetensors for other programs',
  args: { usage: '[MODEL [FILE]]', schema: z.array(z.string()).max(2, 'Expected one model and one file') },
  options: {
    ...MODEL_OPTIONS,
    out: text('FILE', 'FILE.onnx or FILE.safetensors').optional(),
    raw: flag('Leave out normalization, box decoding and non-maximum suppression, as NanoDet\'s exporter does'),
    trainStep: flag('From pixels, targets and parameters to losses and gradients: one step of training'),
    batch: wholeNumber(1, MAX_BATCH, `Photos of a training step; ${DEFAULT_BATCH} by default`).optional(),
    scoreThreshold: scoreThreshold.unwrap().optional(),
    iouThreshold: iouThreshold.unwrap().optional(),
    maxDetections: maxDetections.unwrap().optional(),
    ...OUTPUT_OPTIONS
  },
  details: `MODEL is short for --model MODEL, FILE for --out FILE. docs/export.md shows how to use the files.

out.onnx: from pixels to objects. The three limits become constants of the graph; they are \
${DEFAULT_OPTIONS.scoreThreshold}, ${DEFAULT_OPTIONS.iouThreshold} and ${DEFAULT_OPTIONS.maxDetections} by default.
out.onnx --raw: from a normalized image to predictions
out.onnx --train-step: from pixels, targets and parameters to losses and gradients
out.safetensors: the parameters`,
  examples: [
    'nanodet export nanodet-m-416 out.onnx',
    'nanodet export my.yml out.onnx --raw',
    'nanodet export --weights my.ckpt --out out.safetensors'
  ],
  async run ({ options: { json, ...options }, args: [model, file] }, io) {
    const path = outOf(file, options.out)
    const form = formOf(path, options)
    checkLimits(form, options)
    const artifact = exportable(await findArtifact(modelArgument(model, options)))
    const { stateDict } = await readArtifact(artifact)
    const bytes = EXPORTS[form](artifact.config, stateDict, { thresholds: thresholdsOf(options), batch: options.batch ?? DEFAULT_BATCH })
    await writeOutput(path, bytes)
    io.stdout.write(json
      ? `${JSON.stringify({ model: artifact.name, form, file: path, bytes: bytes.length })}\n`
      : `wrote ${path}: ${artifact.name}, ${form}, ${(bytes.length / 1e6).toFixed(1)} MB\n`)
  }
})

function outOf (file: string | undefined, out: string | undefined): string {
  if (file !== undefined && out !== undefined) throw new UsageError(`File given twice: ${file} and --out ${out}`)
  const path = file ?? out
  if (path === undefined) throw new UsageError('Expected a file: nanodet export MODEL FILE, or --out FILE')
  return path
}

function formOf (path: string, { raw, trainStep }: { readonly raw: boolean, readonly trainStep: boolean }): Form {
  if (raw && trainStep) throw new UsageError('--raw and --train-step: choose one')
  const extension = extname(path)
  if (extension === '.onnx') return raw ? 'raw' : trainStep ? 'train-step' : 'end-to-end'
  if (extension === '.safetensors' && !raw && !trainStep) return 'parameters'
  throw new UsageError(`${path}: expected a file that ends in .onnx${raw || trainStep ? '' : ' or .safetensors'}`)
}

function checkLimits (form: Form, options: Given<Thresholds & { batch: number }>): void {
  if (form !== 'train-step' && options.batch !== undefined) throw new UsageError('--batch: only --train-step has batches')
  const limit = (Object.keys(THRESHOLD_OPTIONS) as Array<keyof Thresholds>).find(name => options[name] !== undefined)
  if (form === 'end-to-end' || limit === undefined) return
  throw new UsageError(`--${flagOf(limit)}: only the graph from pixels to objects has such a limit`)
}

/** @throws UsageError for models that are not made of our layers */
function exportable (artifact: Artifact): Artifact & { readonly kind: 'detector' } {
  if (artifact.kind === 'detector') return artifact
  const problem = artifact.kind === 'opaque' ? `is an ONNX graph already: ${artifact.checkpoint}` : 'is a classifier'
  throw new UsageError(`--model: only NanoDet networks can be exported; ${artifact.name} ${problem}`)
}

const thresholdsOf = ({ scoreThreshold, iouThreshold, maxDetections }: Given<Thresholds>): Thresholds => ({
  scoreThreshold: scoreThreshold ?? DEFAULT_OPTIONS.scoreThreshold,
  iouThreshold: iouThreshold ?? DEFAULT_OPTIONS.iouThreshold,
  maxDetections: maxDetections ?? DEFAULT_OPTIONS.maxDetections
})
