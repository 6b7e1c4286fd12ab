/**
 * Reads a NanoDet that was converted from PyTorch to ONNX to TensorFlow.js. That loses the parameters' names, but the
 * convolutions are numbered in the order of PyTorch's forward pass, plain and depthwise ones separately. So the order of
 * a network's parameters restores the names.
 * Format: https://github.com/tensorflow/tfjs/blob/master/tfjs-converter (graph model: topology and weights manifest)
 */
import type { Shape } from '../../nn/dim.ts'
import { CheckpointError } from './errors.ts'
import { float16 } from './float16.ts'
import type { Parameter, StateDict } from './state-dict.ts'

interface WeightEntry { name: string, shape: number[], dtype: 'float32' | 'int32', quantization?: { dtype: string } }
interface GraphNode { name: string, op: string, input?: string[] }
export interface TfjsModel {
  modelTopology: { node: GraphNode[] }
  weightsManifest: Array<{ weights: WeightEntry[] }>
}
/** A convolution in the graph's layout: HWIO (depthwise: H, W, C, 1), batch norm folded in. */
interface Convolution { kernel: Parameter, bias: Parameter }

/**
 * @param model the parsed `model.json`
 * @param bin the weights file it names
 * @param params the shapes of the network's parameters by name, in the order of the forward pass
 * @throws CheckpointError if the graph's convolutions are not exactly these
 */
export function readTfjs (model: TfjsModel, bin: Uint8Array, params: ReadonlyMap<string, Shape>): StateDict {
  const graph = new Map(model.modelTopology.node.map(node => [node.name, node]))
  const constants = readManifest(model.weightsManifest[0]?.weights ?? [], bin)
  const plain = convolutions('Conv2D', 'convolution', graph, constants).values()
  const depthwise = convolutions('DepthwiseConv2dNative', 'depthwise', graph, constants).values()
  const parameters = new Map<string, Parameter>()
  for (const [name, shape] of params) {
    if (shape.length !== 4) continue
    const next = (isDepthwise(shape) ? depthwise : plain).next()
    if (next.done) throw new CheckpointError('TensorFlow.js', `no convolution is left for ${name}`)
    parameters.set(name, transposed(next.value.kernel, isDepthwise(shape)))
    parameters.set(name.replace(/weight$/, 'bias'), next.value.bias)
  }
  if (!plain.next().done || !depthwise.next().done) throw new CheckpointError('TensorFlow.js', 'it has more convolutions than the network')
  return { folded: true, parameters }
}

const isDepthwise = (shape: Shape): boolean => shape[1] === 1

/** Tensors by name, contiguous in the file in the manifest's order. */
function readManifest (entries: readonly WeightEntry[], bin: Uint8Array): Map<string, Parameter> {
  const tensors = new Map<string, Parameter>()
  const view = new DataView(bin.buffer, bin.byteOffset, bin.byteLength)
  let offset = 0
  for (const { name, shape, dtype, quantization } of entries) {
    const count = shape.reduce((a, b) => a * b, 1)
    const bytes = quantization?.dtype === 'float16' ? 2 : 4
    if (offset + count * bytes > bin.byteLength) throw new CheckpointError('TensorFlow.js', `the weights file ends before ${name}`)
    if (dtype === 'float32') {
      const read = bytes === 2 ? (i: number) => float16(view.getUint16(i, true)) : (i: number) => view.getFloat32(i, true)
      const start = offset
      tensors.set(name, { shape, data: Float32Array.from({ length: count }, (_, i) => read(start + i * bytes)) })
    }
    offset += count * bytes
  }
  return tensors
}

/** All convolutions of a kind, in the order of the numbers after their names (none is 0). */
function convolutions (
  op: string, stem: string, graph: ReadonlyMap<string, GraphNode>, constants: ReadonlyMap<string, Parameter>
): Convolution[] {
  const number = ({ name }: GraphNode): number => Number(new RegExp(`${stem}(?:_(\\d+))?$`).exec(name)?.[1] ?? 0)
  const nodes = [...graph.values()]
  const adds = new Map(nodes.filter(node => node.op === 'Add' || node.op === 'AddV2').map(node => [node.input?.[0], node]))
  return nodes.filter(node => node.op === op).sort((a, b) => number(a) - number(b)).map(node => {
    const kernel = constantFeeding(node.input?.[1], graph, constants)
    const bias = constantFeeding(adds.get(node.name)?.input?.[1], graph, constants)
    if (!kernel || !bias) throw new CheckpointError('TensorFlow.js', `${node.name} lacks a constant kernel or bias`)
    return { kernel, bias: { shape: [bias.data.length], data: bias.data } }
  })
}

/** Follows Reshape and Identity from a node's input to its constant. */
function constantFeeding (
  name: string | undefined, graph: ReadonlyMap<string, GraphNode>, constants: ReadonlyMap<string, Parameter>
): Parameter | undefined {
  const node = name === undefined ? undefined : graph.get(name)
  if (node?.op === 'Reshape' || node?.op === 'Identity') return constantFeeding(node.input?.[0], graph, constants)
  return node && constants.get(node.name)
}

/** HWIO → OIHW; a depthwise H, W, C, 1 → C, 1, H, W. */
function transposed ({ shape, data }: Parameter, depthwise: boolean): Parameter {
  const [height, width, inner, outer] = shape as [number, number, number, number]
  const [out, into] = depthwise ? [inner, outer] : [outer, inner]
  const result = new Float32Array(data.length)
  let i = 0
  for (let o = 0; o < out; o++) {
    for (let c = 0; c < into; c++) {
      for (let hw = 0; hw < height * width; hw++) {
        result[i++] = data[hw * inner * outer + (depthwise ? o * outer + c : c * outer + o)]!
      }
    }
  }
  return { shape: [out, into, height, width], data: result }
}
