import { readFile } from 'node:fs/promises'
import { ParameterError } from '../nn/errors.ts'
import { buildClassifierOnImage } from './classifier.ts'
import type { ClassifierConfig, ModelConfig } from './config.ts'
import { buildOnImage } from './network.ts'
import { CheckpointError } from './checkpoints/errors.ts'
import { readOnnxCheckpoint } from './checkpoints/onnx.ts'
import { reparameterize } from './checkpoints/reparameterize.ts'
import { readSafetensors } from './checkpoints/safetensors.ts'
import { weightsOf, type Build, type Parameter, type StateDict } from './checkpoints/state-dict.ts'
import { readTorch } from './checkpoints/torch.ts'

/** Kept for training, or never used: upstream's checkpoints hold them, its networks don't need them. */
const NOT_NEEDED = [
  /\.num_batches_tracked$/, // how long a batch norm was trained
  /^aux_(fpn|head)\./, // NanoDet-Plus's second head, which only training has
  /^fpn\.transformer\.linear\./, // a layer of TAN's that nothing goes through
  /^head\.gfl_reg\./, // box branches of heads that share theirs with the classes
  /^head\.distribution_project\.project$/ // the bins 0, 1, 2 …
]
const CLASS_PREDICTION = /^head\.gfl_cls\.(0\.)?weight$/
const ZIP = 0x504b
const PICKLE = 0x80
const ONNX = 0x08
const SHORTEST = 16

/**
 * Reads a checkpoint for a model, of any format that its first bytes tell: PyTorch (.pth, .ckpt), ONNX or safetensors. RepVGG's training
 * form becomes the form that is served.
 * @throws CheckpointError where the file can't be read, has other classes or distributions, or holds parameters that the model does not
 * have; ParameterError where it lacks one, or has it in another shape
 */
export async function loadCheckpoint (path: string, config: ModelConfig): Promise<StateDict> {
  const build: Build = weights => {
    const { params, predictions } = buildOnImage(config, weights)
    return { params, output: predictions }
  }
  return await load(path, config.name, build, (error, stateDict) => misfitOf(error, stateDict, config))
}

/** The same for a classifier. */
export async function loadClassifierCheckpoint (path: string, config: ClassifierConfig): Promise<StateDict> {
  const build: Build = weights => {
    const { params, logits } = buildClassifierOnImage(config, weights)
    return { params, output: logits }
  }
  return await load(path, config.name, build, () => undefined)
}

type Explain = (error: unknown, stateDict: StateDict) => CheckpointError | undefined

async function load (path: string, model: string, build: Build, explain: Explain): Promise<StateDict> {
  const file = await readFile(path)
  if (file.length < SHORTEST) throw new CheckpointError('known', 'it is empty, or nearly so')
  const stateDict = reparameterize(read(file, build))
  const params = paramsOf(stateDict, build, explain)
  const unused = [...stateDict.parameters.keys()].filter(name => !params.has(name) && !NOT_NEEDED.some(pattern => pattern.test(name)))
  if (unused.length > 0) throw new CheckpointError('fitting', `${model} has no ${inShort(unused)}`)
  return stateDict
}

function paramsOf (stateDict: StateDict, build: Build, explain: Explain): ReadonlyMap<string, unknown> {
  try {
    return build(weightsOf(stateDict)).params
  } catch (error) {
    throw explain(error, stateDict) ?? error
  }
}

/** The commonest misfit, another number of classes, shows as the shape of the head's last convolution, after parameters that all fit. */
function misfitOf (error: unknown, { parameters }: StateDict, { head, labels }: ModelConfig): CheckpointError | undefined {
  if (!(error instanceof ParameterError) || error.found === undefined || !CLASS_PREDICTION.test(error.parameter)) return undefined
  const bins = parameters.get('head.distribution_project.project')?.shape[0] ?? head.regMax + 1
  if (bins !== head.regMax + 1) return new CheckpointError('fitting', `its distances have ${bins} bins, the model's ${head.regMax + 1}`)
  const classes = labels.length + Number(error.found[0]) - Number(error.expected[0])
  if (classes === labels.length || classes < 1) return undefined
  return new CheckpointError('fitting', `it has ${classes} classes, the model ${labels.length} labels`)
}

function read (file: Buffer, build: Build): StateDict {
  if (isTorch(file)) return fromTorch(file)
  return isOnnx(file) ? readOnnxCheckpoint(file, build) : readSafetensors(file)
}

/** A safetensors file may begin with the same byte, but then that is a length of 64 bits, whose upper half is 0. */
const isOnnx = (file: Buffer): boolean => file[0] === ONNX && file.readUInt32LE(4) !== 0
const isTorch = (file: Buffer): boolean => file.readUInt16BE(0) === ZIP || file[0] === PICKLE

const inShort = (names: readonly string[]): string =>
  `${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} parameters more` : ''}`

/** Figures under upstream's names. Of an EMA and what it averages, the EMA counts, as it does upstream (nanodet/util/check_point.py). */
function fromTorch (file: Buffer): StateDict {
  const parameters = new Map<string, Parameter>()
  const raw = readTorch(file)
  const names = [...raw.keys()].sort((a, b) => Number(isEma(a)) - Number(isEma(b)))
  for (const name of names) {
    const bare = name.replace(/^module\./, '').replace(/^(avg_model|model)\./, '')
    parameters.set(bare, raw.get(name)!)
  }
  const folded = ![...parameters.keys()].some(name => name.endsWith('.running_var'))
  return { folded, parameters }
}

const isEma = (name: string): boolean => /^(module\.)?avg_model\./.test(name)
