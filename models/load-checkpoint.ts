import { readFile } from 'node:fs/promises'
import { ParameterError } from '../nn/errors.ts'
import { buildClassifierOnImage } from './classifier.ts'
import type { ClassifierConfig, ModelConfig } from './config.ts'
import { buildOnImage } from './network.ts'
import { withExternalData } from './onnx-file.ts'
import { CheckpointError } from './checkpoints/errors.ts'
import { formatOf } from './checkpoints/format.ts'
import { readOnnxCheckpoint } from './checkpoints/onnx.ts'
import { reparameterize } from './checkpoints/reparameterize.ts'
import { readSafetensors } from './checkpoints/safetensors.ts'
import { weightsOf, type Build, type StateDict, type Tensors } from './checkpoints/state-dict.ts'
import { readTorch } from './checkpoints/torch.ts'

/** Parameters of upstream's checkpoints that serve training alone or that its networks never use. */
const NOT_NEEDED = [
  /\.num_batches_tracked$/, // how long a batch norm was trained
  /^n_averaged$/, // how many checkpoints an average is of
  /^aux_(fpn|head)\./, // NanoDet-Plus's second head, which only training has
  /^fpn\.transformer\.linear\./, // an unused layer of TAN
  /^head\.gfl_reg\./, // box branches of heads that share theirs with the classes
  /^head\.(distribution_project\.)?project$/ // the bins 0, 1, 2 …
]
const CLASS_PREDICTION = /^head\.gfl_cls\.(0\.)?weight$/

/**
 * Reads a checkpoint for a model: PyTorch (.pth, .ckpt), safetensors or ONNX, distinguished by the first bytes. RepVGG's
 * training form is converted to the form that is served.
 * @throws CheckpointError if the file can't be read, has other classes or distributions, or holds parameters that the
 * model does not have; ParameterError if a parameter is missing or of another shape
 */
export async function loadCheckpoint (path: string, config: ModelConfig): Promise<StateDict> {
  const build: Build = weights => {
    const { params, predictions } = buildOnImage(config, weights)
    return { params, output: predictions }
  }
  return await load(path, config.name, build, (error, stateDict) => misfitOf(error, stateDict, config))
}

/** Reads a checkpoint for a classifier, as `loadCheckpoint` does. */
export async function loadClassifierCheckpoint (path: string, config: ClassifierConfig): Promise<StateDict> {
  const build: Build = weights => {
    const { params, logits } = buildClassifierOnImage(config, weights)
    return { params, output: logits }
  }
  return await load(path, config.name, build, () => undefined)
}

type Explain = (error: unknown, stateDict: StateDict) => CheckpointError | undefined

async function load (path: string, model: string, build: Build, explain: Explain): Promise<StateDict> {
  const stateDict = reparameterize(await read(path, build))
  const params = paramsOf(stateDict, build, explain)
  const names = [...stateDict.parameters.keys(), ...stateDict.unreadable?.keys() ?? []]
  const unused = names.filter(name => !params.has(name) && !NOT_NEEDED.some(pattern => pattern.test(name)))
  if (unused.length > 0) throw misfit(`${model} has no ${inShort(unused)}`)
  return stateDict
}

function paramsOf (stateDict: StateDict, build: Build, explain: Explain): ReadonlyMap<string, unknown> {
  try {
    return build(weightsOf(stateDict)).params
  } catch (error) {
    throw explain(error, stateDict) ?? error
  }
}

/** Explains the most common misfit, another number of classes: only the head's last convolution has another shape. */
function misfitOf (error: unknown, { parameters }: StateDict, config: ModelConfig): CheckpointError | undefined {
  if (!(error instanceof ParameterError) || !CLASS_PREDICTION.test(error.parameter)) return undefined
  if (error.found === undefined) return undefined
  const { head, labels } = config
  const bins = parameters.get('head.distribution_project.project')?.shape[0] ?? head.regMax + 1
  if (bins !== head.regMax + 1) return misfit(`its distances have ${bins} bins, the model's ${head.regMax + 1}`)
  const classes = labels.length + Number(error.found[0]) - Number(error.expected[0])
  if (classes === labels.length || classes < 1) return undefined
  return misfit(`it has ${classes} classes, the model ${labels.length} labels`)
}

const misfit = (problem: string): CheckpointError =>
  new CheckpointError(undefined, `the checkpoint does not fit: ${problem}`)

async function read (path: string, build: Build): Promise<StateDict> {
  const file = await readFile(path)
  switch (formatOf(file)) {
    case 'torch': return withBareNames(readTorch(file))
    case 'safetensors': return withBareNames(readSafetensors(file))
    case 'onnx': return readOnnxCheckpoint(await withExternalData(file, path), build)
  }
}

const inShort = (names: readonly string[]): string =>
  `${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more parameters` : ''}`

/** Prefixes of parameter names: DataParallel's, torch.compile's, then Lightning's or those of an average of weights. */
const PREFIXES = [/^module\./, /^_orig_mod\./, /^(avg_model|model)\./]

/**
 * Parameters under upstream's names. An average of the weights (EMA) counts more than the weights, as it does upstream
 * (nanodet/util/check_point.py).
 */
function withBareNames (file: Tensors & Partial<StateDict>): StateDict {
  const parameters = renamed(file.parameters)
  const folded = file.folded ?? ![...parameters.keys()].some(name => name.endsWith('.running_var'))
  return { folded, parameters, ...(file.unreadable && { unreadable: renamed(file.unreadable) }) }
}

function renamed<T> (values: ReadonlyMap<string, T>): Map<string, T> {
  const entries = [...values].sort(([a], [b]) => Number(isEma(a)) - Number(isEma(b)))
  return new Map(entries.map(([name, value]) => [bareName(name), value]))
}

const bareName = (name: string): string => PREFIXES.reduce((bare, prefix) => bare.replace(prefix, ''), name)
const isEma = (name: string): boolean => /^(module\.)?avg_model\./.test(name)
