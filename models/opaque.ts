/**
 * Detectors whose network is the graph of an ONNX file, run as it is: photos' pixels are normalized before it, and its outputs are put
 * together after it as those of our own networks are. What upstream's exporters wrote is known by its shapes; names and order of the
 * outputs changed from version to version. Upstream: tools/export_onnx.py and the heads of v0.1 … v1.0
 */
import type { Size } from '../head/decode/boxes.ts'
import { formatShape, isNumber } from '../nn/dim.ts'
import { fromOnnx } from '../nn/onnx/from-onnx.ts'
import { toOnnx } from '../nn/onnx/to-onnx.ts'
import * as op from '../nn/ops.ts'
import type { PointsConfig } from '../nn/spec.ts'
import { input, type Tensor } from '../nn/tensor.ts'
import type { OpaqueConfig } from './config.ts'
import { ModelFileError } from './errors.ts'
import { LARGEST_STRIDE, type ResizeMode } from './resize-mode.ts'
import { COCO_LABELS, numberedLabels } from './labels.ts'
import { INPUT_NAME, OUTPUT_NAME } from './tensor-names.ts'
import { IMAGENET_BGR, normalize } from './normalize.ts'

/** The two generations of NanoDet, told by their levels. Those of the second contain those of the first. */
const GENERATIONS: ReadonlyArray<Omit<PointsConfig, 'regMax'> & { readonly resizeMode: ResizeMode }> = [
  { strides: [8, 16, 32, 64], offset: 0, resizeMode: 'stretch' },
  { strides: [8, 16, 32], offset: 0.5, resizeMode: 'letterbox' }
]
const REG_MAX = 7
/** Of published models and of upstream's heads where a config names none. */
const KNOWN_REG_MAX = [REG_MAX, 10, 16]

/** A graph over a photo's pixels. */
export interface OpaqueNetwork {
  /** Normalized, `[1, 3, H, W]`: what the file's graph reads. */
  readonly image: Tensor
  /** `[1, points, numClasses + 4 · (regMax + 1)]` */
  readonly predictions: Tensor
  /** The float32 values that the file's nodes compute, by the file's names. Shapes are UNKNOWN_SHAPE where the file does not say them. */
  readonly taps: ReadonlyMap<string, Tensor>
  /** The version of operators that the file is written in. */
  readonly opset: number
}

/**
 * Puts normalization before a file's graph, and joins its outputs.
 * @throws OnnxError where the file can't be read, or does not take an image of the config's input size; ModelFileError where its outputs
 * are not the config's predictions
 */
export function buildOpaque (bytes: Uint8Array, config: OpaqueConfig): OpaqueNetwork {
  const { width, height } = config.input
  const image = normalize(input(INPUT_NAME, [1, height, width, 3], 'uint8'), config.normalization)
  const graph = fromOnnx(bytes, { input: image })
  const predictions = joined([...graph.outputs.values()], config)
  const taps = [...graph.taps].filter(([name, x]) => x.type === 'float32' && name !== INPUT_NAME && (name !== OUTPUT_NAME || x === predictions))
  return { image, predictions, taps: new Map(taps), opset: graph.opset }
}

/**
 * Compiles a file's graph, from pixels to predictions, in the file's own version of operators.
 * @param layers names of taps that shall be outputs, too
 */
export function compileOpaque (bytes: Uint8Array, config: OpaqueConfig, layers: readonly string[] = []): Uint8Array {
  const { predictions, taps, opset } = buildOpaque(bytes, config)
  const wanted = layers.map(name => [name, taps.get(name)!] as const)
  return toOnnx({ outputs: new Map([[OUTPUT_NAME, predictions], ...wanted]), names: taps, opset })
}

/** One output with everything; or for each level one with everything, or one of classes and one of distances. */
function joined (outputs: readonly Tensor[], { name, input, head, labels }: OpaqueConfig): Tensor {
  const points = pointsOf(input, head.strides)
  const [classes, distances] = [labels.length, 4 * (head.regMax + 1)]
  const whole = (points: number): Tensor | undefined => outputs.find(hasShape(points, classes + distances))
  const pair = (points: number): Tensor | undefined => {
    const scores = outputs.find(hasShape(points, classes)) // the first, where classes and distances are as many
    const boxes = outputs.find(x => x !== scores && hasShape(points, distances)(x))
    return scores && boxes && op.concat([scores, boxes], 2)
  }
  const predictions = whole(total(points)) ?? concatAll(points.map(count => whole(count) ?? pair(count)))
  if (predictions) return predictions
  throw new ModelFileError(name, `the graph's outputs are ${inWords(outputs)}; there is neither ${formatShape([1, total(points), classes + distances])} nor ` +
    `for each of ${points.join(', ')} points ${formatShape([1, 'points', classes])} and ${formatShape([1, 'points', distances])}`)
}

const pointsOf = ({ width, height }: Size, strides: readonly number[]): number[] =>
  strides.map(stride => Math.ceil(width / stride) * Math.ceil(height / stride))
const total = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0)

const hasShape = (points: number, values: number) => ({ shape }: Tensor): boolean =>
  shape.length === 3 && (shape[0] === 1 || !isNumber(shape[0]!)) && shape[1] === points && shape[2] === values

const concatAll = (levels: ReadonlyArray<Tensor | undefined>): Tensor | undefined =>
  levels.every(level => level !== undefined) ? op.concat(levels, 1) : undefined

const inWords = (tensors: readonly Tensor[]): string => tensors.map(({ shape }) => formatShape(shape)).join(', ')

/**
 * What an ONNX file is by upstream's conventions, where nothing else says it: probabilities for scores, ImageNet's statistics, COCO's
 * labels where there are 80 classes; three levels are the first generation (centred letterbox, points in the middle of cells), four the
 * second (stretched, points in the corners).
 * @throws OnnxError where the file can't be read; ModelFileError where it follows no convention known
 */
export function guessOpaque (bytes: Uint8Array, name: string): OpaqueConfig {
  const { inputs, outputs } = fromOnnx(bytes)
  const input = inputSize([...inputs.values()], name)
  for (const { strides, offset, resizeMode } of GENERATIONS) {
    const values = valuesOf([...outputs.values()], pointsOf(input, strides))
    if (!values) continue
    const { numClasses, regMax } = values
    const labels = numClasses === COCO_LABELS.length ? COCO_LABELS : numberedLabels(numClasses)
    return { name, opaque: true, scores: 'probabilities', head: { regMax, strides, offset }, input, resizeMode, normalization: IMAGENET_BGR, labels }
  }
  throw new ModelFileError(name, `the graph's outputs are ${inWords([...outputs.values()])}, which are not NanoDet's for ${input.width}×${input.height}; a config can say what they are`)
}

function inputSize (inputs: readonly Tensor[], name: string): Size {
  const [batch, channels, height, width, ...more] = inputs[0]?.shape ?? []
  const isImage = inputs.length === 1 && more.length === 0 && (batch === 1 || typeof batch === 'string') && channels === 3
  if (!isImage || !isSide(height) || !isSide(width)) {
    throw new ModelFileError(name, `the graph takes ${inWords(inputs)}; needed is one image [1, 3, H, W] of sizes that ${LARGEST_STRIDE} divides`)
  }
  return { width, height }
}

const isSide = (dim: unknown): dim is number => typeof dim === 'number' && dim > 0 && dim % LARGEST_STRIDE === 0

interface Values { readonly numClasses: number, readonly regMax: number }

/** What the outputs for these points hold; undefined where there are none. */
function valuesOf (outputs: readonly Tensor[], points: readonly number[]): Values | undefined {
  const widths = (count: number): number[] =>
    outputs.filter(({ shape }) => shape.length === 3 && shape[1] === count).map(({ shape }) => Number(shape[2]))
  const [first, ...others] = points.map(widths)
  const [whole] = widths(total(points))
  if (whole !== undefined) return valuesOfWhole(whole)
  if (!first || others.some(level => level.toSorted().join() !== first.toSorted().join())) return undefined
  return first.length === 2 ? valuesOfPair(first[0]!, first[1]!) : first.length === 1 ? valuesOfWhole(first[0]!) : undefined
}

/** COCO's classes, if a known number of bins leaves as many; else what the usual number of bins leaves. */
function valuesOfWhole (width: number): Values | undefined {
  const regMax = KNOWN_REG_MAX.find(regMax => width - 4 * (regMax + 1) === COCO_LABELS.length) ?? REG_MAX
  const numClasses = width - 4 * (regMax + 1)
  return numClasses > 0 ? { numClasses, regMax } : undefined
}

/** As many as COCO has are classes, as many as four usual distributions have are distances; else classes come first. */
function valuesOfPair (a: number, b: number): Values | undefined {
  const swapped = a !== COCO_LABELS.length && (b === COCO_LABELS.length || (a === 4 * (REG_MAX + 1) && b !== a))
  const [numClasses, distances] = swapped ? [b, a] : [a, b]
  const regMax = distances / 4 - 1
  return Number.isInteger(regMax) && regMax > 0 ? { numClasses, regMax } : undefined
}
