/** npm run export: a model as a file for other programs. */
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Thresholds } from '../head/decode/in-graph.ts'
import { weightsOf, type StateDict } from '../models/checkpoints/state-dict.ts'
import type { ModelConfig } from '../models/config.ts'
import { exportEndToEnd, exportParameters, exportRaw } from '../models/export.ts'
import { readArguments, runAsProgram, runCommand, UsageError, writeOutput, type Io } from './command.ts'
import { readDetectOptions } from './detect-options.ts'
import { readModel } from './model-argument.ts'
import { readStateDict } from './store.ts'

const HELP = `Writes a model as a file for other programs. docs/export.md shows how to use it.

  npm run export -- MODEL out.onnx [options]          from pixels to objects: normalization, boxes and non-maximum suppression inside
  npm run export -- MODEL out.onnx --raw [options]    from a normalized image to predictions, as upstream's exporter writes it
  npm run export -- MODEL out.safetensors [options]   the parameters

  --weights FILE          a checkpoint: PyTorch's .pth or .ckpt, or .safetensors; by default, the weights that the build has made
  --json                  one JSON object instead of text (npm run --silent keeps npm's own lines away)
  --help

What the file from pixels to objects finds:
  --score-threshold 0.35  only objects with a higher score
  --iou-threshold 0.6     boxes of one class that overlap by more are one object
  --max-detections 100    objects at the most, best first

Exit code: 0, 1 when the weights can't be used or the file can't be written, 2 when the arguments are wrong.
`

const THRESHOLDS = {
  'score-threshold': { type: 'string' },
  'iou-threshold': { type: 'string' },
  'max-detections': { type: 'string' }
} as const

const OPTIONS = {
  ...THRESHOLDS,
  weights: { type: 'string' },
  raw: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false }
} as const

type Form = 'end-to-end' | 'raw' | 'parameters'

const EXPORTS: Record<Form, (config: ModelConfig, stateDict: StateDict, thresholds: Thresholds) => Uint8Array> = {
  'end-to-end': (config, stateDict, thresholds) => exportEndToEnd(config, weightsOf(stateDict), thresholds),
  raw: (config, stateDict) => exportRaw(config, weightsOf(stateDict)),
  parameters: exportParameters
}

interface Request {
  readonly config: ModelConfig
  readonly weights: string | undefined
  readonly path: string
  readonly form: Form
  readonly thresholds: Thresholds
  readonly json: boolean
}

/** @param argv without node and the script @returns the exit code */
export function main (argv: readonly string[], io: Io): Promise<number> {
  return runCommand(io, async () => {
    const request = readRequest(argv)
    io.stdout.write(request ? await run(request) : HELP)
    return 0
  })
}

/** undefined where help is asked for. */
function readRequest (argv: readonly string[]): Request | undefined {
  const { values, positionals: [model, path, ...rest] } = readArguments({ args: argv, options: OPTIONS, allowPositionals: true })
  if (values.help) return undefined
  const config = readModel(model, 'npm run export')
  if (path === undefined) throw new UsageError(`Expected a file: npm run export -- ${config.name} out.onnx; --help lists the options`)
  if (rest.length > 0) throw new UsageError(`Expected one file, found ${rest.join(' ')}, too; --help lists the options`)
  const { weights, json } = values
  if (!config.weights && weights === undefined) throw new UsageError(`There are no weights for ${config.name}: give a checkpoint with --weights`)
  return { config, weights, path, form: readForm(path, values), thresholds: readDetectOptions(values, config.labels), json }
}

type FormValues = { readonly raw: boolean } & { readonly [option in keyof typeof THRESHOLDS]?: string | undefined }

function readForm (path: string, values: FormValues): Form {
  const form = formOf(path, values.raw)
  const threshold = (Object.keys(THRESHOLDS) as (keyof typeof THRESHOLDS)[]).find(option => values[option] !== undefined)
  if (form === 'end-to-end' || threshold === undefined) return form
  throw new UsageError(`--${threshold}: only a file from pixels to objects has it inside`)
}

function formOf (path: string, raw: boolean): Form {
  const ending = extname(path)
  if (ending === '.onnx') return raw ? 'raw' : 'end-to-end'
  if (ending === '.safetensors' && !raw) return 'parameters'
  throw new UsageError(`${path}: expected a file that ends in .onnx${raw ? '' : ' or .safetensors'}`)
}

async function run ({ config, weights, path, form, thresholds, json }: Request): Promise<string> {
  const file = EXPORTS[form](config, await readStateDict(config, weights), thresholds)
  await writeOutput(path, file)
  return json
    ? `${JSON.stringify({ model: config.name, form, file: path, bytes: file.length })}\n`
    : `wrote ${path}: ${config.name}, ${form}, ${(file.length / 1e6).toFixed(1)} MB\n`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await runAsProgram(main)
