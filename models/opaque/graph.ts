/**
 * Detectors whose network is the graph of an ONNX file. Pixels are normalized before it, and its outputs are joined after it.
 * Upstream: tools/export_onnx.py and the heads of v0.1 … v1.0
 */
import { NetworkError } from '../../nn/errors.ts'
import { fromOnnx } from '../../nn/onnx/from-onnx.ts'
import { toOnnx } from '../../nn/onnx/to-onnx.ts'
import * as op from '../../nn/ops.ts'
import { input, type Tensor } from '../../nn/tensor.ts'
import type { OpaqueConfig } from '../config.ts'
import { layerCam } from '../layer-cam.ts'
import type { OpaqueModel } from '../model.ts'
import { normalize } from '../normalize.ts'
import { INPUT_NAME, OUTPUT_NAME } from '../tensor-names.ts'
import { joinOutputs } from './predictions.ts'
import { withShapes } from './with-shapes.ts'

/** A graph over a photo's pixels. */
export interface OpaqueNetwork {
  /** Normalized, `[1, 3, H, W]`: the input of the file's graph. */
  readonly image: Tensor
  /** `[1, points, numClasses + 4 · (regMax + 1)]` */
  readonly predictions: Tensor
  /** Floats that the file's nodes compute, as float32, by the file's names. Shapes are UNKNOWN_SHAPE if the file doesn't declare them. */
  readonly taps: ReadonlyMap<string, Tensor>
  /** The version of the file's operators. */
  readonly opset: number
}

/**
 * Puts normalization before a file's graph, and joins its outputs.
 * @throws OnnxError if the file can't be read, or does not take an image of the config's input size; ModelFileError if its outputs are not
 * the config's predictions
 */
export function buildOpaque (bytes: Uint8Array, config: OpaqueConfig): OpaqueNetwork {
  const { width, height } = config.input
  const image = normalize(input(INPUT_NAME, [1, height, width, 3], 'uint8'), config.normalization)
  const graph = fromOnnx(bytes, { input: image })
  const predictions = joinOutputs(graph.outputs.values(), config)
  const isFree = (name: string, x: Tensor): boolean => name !== INPUT_NAME && (name !== OUTPUT_NAME || x === predictions)
  const taps = [...graph.taps].filter(([name, x]) => (x.type === 'float32' || x.type === 'float16') && isFree(name, x))
  return { image, predictions, taps: new Map(taps), opset: graph.opset }
}

/**
 * Compiles a file's graph, from pixels to predictions, in the file's own version of operators.
 * @param layers names of taps to add as outputs
 */
export function compileOpaque (bytes: Uint8Array, config: OpaqueConfig, layers: readonly string[] = []): Uint8Array {
  const { predictions, taps, opset } = buildOpaque(bytes, config)
  const wanted = layers.map(name => [name, asFloat32(taps.get(name)!)] as const)
  return toOnnx({ outputs: new Map([[OUTPUT_NAME, predictions], ...wanted]), names: taps, opset })
}

/** Operators of earlier versions differ from those of gradients. */
const MIN_OPSET = 13

/**
 * Compiles a file's graph, from pixels to LayerCAM's maps of layers.
 * @param model with the shapes of its layers
 * @throws NetworkError if the graph can't be differentiated
 */
export function compileOpaqueCam ({ onnx, config, layers: known }: OpaqueModel, layers: readonly string[]): Uint8Array {
  const { predictions, taps, opset } = buildOpaque(onnx, config)
  if (opset < MIN_OPSET) throw new NetworkError(`its operators have version ${opset}: gradients need ${MIN_OPSET} or later`)
  const shapeOf = new Map(known.flatMap(({ name, shape }) => taps.has(name) ? [[taps.get(name)!, shape] as const] : []))
  const now = withShapes([predictions, ...layers.map(name => taps.get(name)!)], shapeOf)
  const network = { predictions: now(predictions), taps: new Map(layers.map(name => [name, now(taps.get(name)!)])) }
  return toOnnx({ outputs: layerCam(network, layers), opset })
}

const asFloat32 = (x: Tensor): Tensor => x.type === 'float32' ? x : op.toFloat(x)
