import { NetworkError } from '../errors.ts'
import { mapTensors, topologicalOrder, type Graph } from '../graph.ts'
import { node, nodes } from '../node.ts'
import { scalar, Tensor, type Node } from '../tensor.ts'
import { isMap } from './channel-roles.ts'
import { quantizedKernel, type KernelBits } from './quantized-kernel.ts'
import { remake, type Pass } from './rewrite.ts'
import { rawBytesOf, Scales } from './scales.ts'

/** The lowest and the highest value that a scale's 256 bytes represent. */
export type Range = readonly [low: number, high: number]
/** Value ranges by the key of a scale. */
export type Ranges = Readonly<Record<string, Range>>

/** value = scale · (byte − zeroPoint) */
interface Parameters { readonly scale: number, readonly zeroPoint: number }

const BYTES = 255

/**
 * Stores what convolutions read and write as bytes: activations uint8 with a scale and a zero point for each, kernels int8 with a scale for
 * each channel (Jacob et al., https://arxiv.org/abs/1712.05877). Written as QuantizeLinear and DequantizeLinear around float operators, which
 * onnxruntime turns into operators on bytes; operators that only move values get the bytes unchanged. Outputs stay float. The
 * name of a value's bytes ends in `#bytes`.
 * @param ranges has a range for every scale of the graph (see Scales)
 * @param bits of the weights: see quantizedKernel
 * @throws NetworkError naming the value without a range
 */
export const quantize = (ranges: Ranges, bits: KernelBits = 8): Pass => graph => new Quantization(graph, ranges, bits).graph(graph)

class Quantization {
  readonly #scales: Scales
  readonly #ranges: Ranges
  readonly #bits: KernelBits
  readonly #floats = new Map<Tensor, Tensor>()
  readonly #bytes = new Map<Tensor, Tensor>()

  constructor (graph: Graph, ranges: Ranges, bits: KernelBits) {
    this.#scales = new Scales(graph)
    this.#ranges = ranges
    this.#bits = bits
    for (const node of topologicalOrder(graph.outputs.values())) this.#convert(node)
  }

  graph (graph: Graph): Graph {
    const converted = [...graph.names ?? []].filter(([, x]) => this.#floats.has(x) || this.#bytes.has(x))
    const bytes = converted.flatMap(([name, x]) => this.#bytes.has(x) ? [[`${name}#bytes`, this.#bytes.get(x)!] as const] : [])
    return {
      ...graph,
      outputs: mapTensors(graph.outputs, x => this.#float(x)),
      names: new Map([...mapTensors(new Map(converted), x => this.#float(x)), ...bytes])
    }
  }

  #convert (node: Node): void {
    if (!this.#scales.isQuantized(node)) this.#keep(node)
    else if (node.op === 'LeakyRelu') this.#activate(node)
    else if (node.op === 'Conv' || node.op === 'Add') this.#compute(node)
    else this.#handOn(node)
  }

  #keep (node: Node): void {
    const { outputs } = remake(node, node.inputs.map(x => x && this.#float(x)))
    node.outputs.forEach((x, i) => this.#floats.set(x, outputs[i]!))
  }

  #compute (node: Node): void {
    const [x, weight, bias] = node.inputs as [Tensor, Tensor, Tensor?]
    const inputs = node.op === 'Add'
      ? [this.#dequantized(x), this.#dequantized(weight)]
      : [this.#dequantized(x), ...quantizedKernel(weight, bias, this.#parameters(x).scale, this.#bits)]
    const [y] = node.outputs as [Tensor]
    this.#bytes.set(y, quantizeLinear(remake(node, inputs).outputs[0]!, this.#parameters(y)))
  }

  #handOn (node: Node): void {
    const outputs = nodes(node.op, node.inputs.map(x => x && (isMap(x) ? this.#quantized(x) : x)),
      node.outputs.map(({ shape }) => [shape, 'uint8']), node.attributes)
    node.outputs.forEach((x, i) => this.#bytes.set(x, outputs[i]!))
  }

  /** max(x, slope · x), with x read in a separate scale for the second: half the time of onnxruntime's lookup table. */
  #activate (node: Node): void {
    const [[x], [y]] = [node.inputs, node.outputs] as unknown as [[Tensor], [Tensor]]
    const { scale, zeroPoint } = this.#parameters(x)
    const { float: slope } = node.attributes['alpha'] as { float: number }
    const bytes = this.#quantized(x)
    const less = dequantizeLinear(bytes, { scale: scale * slope, zeroPoint })
    const requantized = quantizeLinear(add(less, dequantizeLinear(byte(0), { scale: 1, zeroPoint: 0 })), { scale, zeroPoint })
    this.#bytes.set(y, larger(bytes, requantized))
  }

  #float (x: Tensor): Tensor {
    if (x.source.kind !== 'node') return x
    const float = this.#floats.get(x) ?? this.#dequantized(x)
    this.#floats.set(x, float)
    return float
  }

  /** A separate node for every reader, so that onnxruntime can match each operator with its inputs. */
  #dequantized (x: Tensor): Tensor { return dequantizeLinear(this.#quantized(x), this.#parameters(x)) }

  #quantized (x: Tensor): Tensor {
    const bytes = this.#bytes.get(x) ?? rawBytesOf(x)?.bytes ?? quantizeLinear(this.#float(x), this.#parameters(x))
    this.#bytes.set(x, bytes)
    return bytes
  }

  #parameters (x: Tensor): Parameters {
    const raw = rawBytesOf(x)
    if (raw) return { scale: 1, zeroPoint: raw.zeroPoint }
    const { key } = this.#scales.of(x)!
    const range = this.#ranges[key] ?? this.#ranges[key.replace(/#\d+$/, '')] // a piece of a value has the range of all
    if (!range) throw new NetworkError(`int8: no range for ${key}; the calibration table belongs to another model or version`)
    return parametersOf(range)
  }
}

/** Zero is stored exactly, because padding consists of it. */
function parametersOf ([low, high]: Range): Parameters {
  const scale = Math.fround((Math.max(high, 0) - Math.min(low, 0)) / BYTES) || 1
  return { scale, zeroPoint: Math.round(-Math.min(low, 0) / scale) }
}

const byte = (value: number): Tensor => new Tensor([], 'uint8', { kind: 'constant', data: Uint8Array.of(value) })
const add = (a: Tensor, b: Tensor): Tensor => node('Add', [a, b], a.shape)
const larger = (a: Tensor, b: Tensor): Tensor => node('Max', [a, b], a.shape, {}, 'uint8')
const quantizeLinear = (x: Tensor, { scale, zeroPoint }: Parameters): Tensor =>
  node('QuantizeLinear', [x, scalar(scale), byte(zeroPoint)], x.shape, {}, 'uint8')
const dequantizeLinear = (x: Tensor, { scale, zeroPoint }: Parameters): Tensor =>
  node('DequantizeLinear', [x, scalar(scale), byte(zeroPoint)], x.shape)
