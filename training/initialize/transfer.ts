import { product } from '../../nn/dim.ts'
import { weightsOf, type Parameter, type StateDict } from '../../models/checkpoints/state-dict.ts'
import { buildClassifierOnImage } from '../../models/classifier.ts'
import type { ClassifierConfig, ModelConfig } from '../../models/config.ts'
import { buildOnImage } from '../../models/network.ts'
import { normal, random } from '../random.ts'
import { paramsOf } from './from-scratch.ts'
import { RARE } from './necks-and-heads.ts'

const DEVIATION = 0.01
/** The last layers of detectors' classes; the auxiliary head's too. Boxes may follow in the same layer. */
const CLASS_LAYER = /^(aux_)?head\.gfl_cls\b/

/**
 * The parameters of a trained model for other classes. A class that it knows by label keeps its rows of the last layers. New rows are small
 * random weights; their biases make new classes rare in detectors, as upstream's, and are 0 in classifiers. All else is kept.
 * @param config of the new model; only the labels may differ from the trained model's, or the input size
 * @param labels of the trained model
 * @throws NetworkError naming the first parameter that the new model needs in another shape, or that is missing
 */
export function transferred (
  config: ModelConfig | ClassifierConfig, source: StateDict, labels: readonly string[], seed: number
): StateDict {
  const isClassLayer = classLayers(config, source)
  const rows = config.labels.map(label => labels.indexOf(label))
  const isSame = rows.length === labels.length && rows.every((row, i) => row === i)
  const parameters = new Map([...source.parameters].map(([name, parameter]) =>
    [name, !isSame && isClassLayer(name) ? exchanged(name, parameter, rows, labels.length, seed) : parameter]))
  const result: StateDict = isSame ? source : { ...source, parameters }
  check(config, result)
  return result
}

/** A classifier's class layer is its last. */
function classLayers (config: ModelConfig | ClassifierConfig, { folded }: StateDict): (name: string) => boolean {
  if ('head' in config) return name => CLASS_LAYER.test(name)
  const last = [...paramsOf(config, folded).keys()].at(-1)!
  const layer = last.slice(0, last.lastIndexOf('.') + 1)
  return name => name.startsWith(layer)
}

/** One row for each of the new classes; rows beyond the old classes are kept. */
function exchanged (name: string, { shape, data }: Parameter, rows: readonly number[], before: number, seed: number): Parameter {
  const [count = 0, ...rest] = shape
  const size = product(rest)
  const next = random(seed, 'new classes', name)
  const row = (index: number): Float32Array => data.subarray(index * size, (index + 1) * size)
  const fresh = (): Float32Array => name.endsWith('bias')
    ? Float32Array.of(CLASS_LAYER.test(name) ? RARE : 0)
    : Float32Array.from({ length: size }, () => DEVIATION * normal(next))
  const others = Array.from({ length: count - before }, (_, i) => row(before + i))
  const all = [...rows.map(index => index < 0 ? fresh() : row(index)), ...others]
  return { shape: [all.length, ...rest], data: Float32Array.from(all.flatMap(values => [...values])) }
}

function check (config: ModelConfig | ClassifierConfig, stateDict: StateDict): void {
  if ('head' in config) buildOnImage(config, weightsOf(stateDict))
  else buildClassifierOnImage(config, weightsOf(stateDict))
}
