/**
 * ONNX models from elsewhere as graphs of ours, which other layers can be put before and after.
 * Format: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */
import { fromBinary } from '@bufbuild/protobuf'
import {
  AttributeProto_AttributeType as AttributeType, ModelProtoSchema, TensorProto_DataLocation as DataLocation,
  TensorProto_DataType as DataType,
  type AttributeProto, type GraphProto, type ModelProto, type NodeProto, type TensorProto, type ValueInfoProto
} from 'onnx-buf'
import { formatShape, isNumber, UNKNOWN_SHAPE, type Shape } from '../dim.ts'
import { OnnxError } from '../errors.ts'
import { Tensor, type Arrays, type Attribute, type ElementType, type Node, type Whole } from '../tensor.ts'
import { resultType } from './result-type.ts'
import { ELEMENT_TYPES } from './to-onnx.ts'

/** Since this version the elementwise operators broadcast as they do now. */
const OLDEST_OPSET = 7
const DEFAULT_DOMAINS = ['', 'ai.onnx']

/** A model's graph. Names are the file's. */
export interface ImportedGraph {
  /** What has to be fed: without those inputs that have an initializer. */
  readonly inputs: ReadonlyMap<string, Tensor>
  readonly outputs: ReadonlyMap<string, Tensor>
  /** Everything that nodes compute, in the file's order. Shapes are UNKNOWN_SHAPE where the file does not say them. */
  readonly taps: ReadonlyMap<string, Tensor>
  /** Trained numbers and other constants. */
  readonly initializers: ReadonlyMap<string, Tensor>
  /** In the file's order; constants are not among them. */
  readonly nodes: readonly Node[]
  /** The version of the operators that the nodes are meant in. */
  readonly opset: number
}

export interface ImportOptions {
  /** What the graph reads instead of its only input. It has to be of that one's type and shape. */
  readonly input?: Tensor
}

/**
 * Reads a model.
 * @throws OnnxError where the file is none, is damaged, or has what is not supported: data in other files, subgraphs, operators of other
 * domains, functions, sparse tensors, element types that networks here don't have
 */
export function fromOnnx (bytes: Uint8Array, { input }: ImportOptions = {}): ImportedGraph {
  const model = parse(bytes)
  const graph = model.graph
  if (!graph || graph.node.length === 0) throw new OnnxError('there is no graph in it')
  if (graph.sparseInitializer.length > 0) throw new OnnxError('sparse tensors are not supported')
  return new Importer(graph).import(opsetOf(model), input)
}

function parse (bytes: Uint8Array): ModelProto {
  try {
    return fromBinary(ModelProtoSchema, bytes)
  } catch {
    throw new OnnxError('it is damaged or cut short, or of another format')
  }
}

function opsetOf ({ opsetImport, functions }: ModelProto): number {
  const opset = opsetImport.find(({ domain }) => DEFAULT_DOMAINS.includes(domain))
  if (!opset) throw new OnnxError('it does not say the version of its operators')
  if (opset.version < OLDEST_OPSET) throw new OnnxError(`its operators are of version ${opset.version}, older than ${OLDEST_OPSET}`)
  if (functions.length > 0) throw new OnnxError(`functions are not supported (${functions[0]!.name})`)
  return Number(opset.version)
}

/** Goes through a graph in its order, which is that of computing. */
class Importer {
  readonly #graph: GraphProto
  /** What values are, as far as the file says. */
  readonly #infos: ReadonlyMap<string, ValueInfoProto>
  readonly #values = new Map<string, Tensor>()
  readonly #nodes: Node[] = []

  constructor (graph: GraphProto) {
    this.#graph = graph
    this.#infos = new Map([...graph.valueInfo, ...graph.output].map(info => [info.name, info]))
  }

  import (opset: number, replacement?: Tensor): ImportedGraph {
    const initializers = new Map(this.#graph.initializer.map(proto => [proto.name, this.#define(proto.name, constant(proto, proto.name))]))
    const inputs = new Map(this.#graph.input.filter(({ name }) => !initializers.has(name)).map(info => [info.name, inputOf(info)]))
    for (const [name, x] of inputs) this.#define(name, replacement ? fitting(replacement, name, inputs) : x)
    const taps = new Map(this.#graph.node.flatMap(node => this.#addNode(node)))
    const outputs = new Map(this.#graph.output.map(({ name }) => [name, this.#value(name, 'the graph\'s output')]))
    return { inputs, outputs, taps, initializers, nodes: this.#nodes, opset }
  }

  #define (name: string, x: Tensor): Tensor {
    if (this.#values.has(name)) throw new OnnxError(`there are two values ${name}`)
    this.#values.set(name, x)
    return x
  }

  #value (name: string, reader: string): Tensor {
    const value = this.#values.get(name)
    if (!value) throw new OnnxError(`${reader} needs ${name}, which nothing before it computes`)
    return value
  }

  /** @returns the node's outputs by name */
  #addNode (proto: NodeProto): Array<[name: string, x: Tensor]> {
    const { opType: op, domain, input, output } = proto
    const place = `node ${proto.name || output[0]} (${op})`
    if (!DEFAULT_DOMAINS.includes(domain)) throw new OnnxError(`${place} is of domain ${domain}, which is not supported`)
    const attributes = Object.fromEntries(proto.attribute.map(attribute => [attribute.name, attributeOf(attribute, place)]))
    if (op === 'Constant') {
      this.#define(output[0]!, constantOf(attributes, output[0]!, place))
      return []
    }
    const inputs = input.map(name => name === '' ? undefined : this.#value(name, place))
    const outputs: Tensor[] = []
    const node: Node = { op, inputs, attributes, outputs }
    for (const [i, name] of output.entries()) outputs.push(this.#result(node, i, name))
    this.#nodes.push(node)
    return output.map((name, i): [string, Tensor] => [name, outputs[i]!]).filter(([name]) => name !== '')
  }

  /** The node's output, of the type and shape that the file says; where it does not, of the type that the operator gives. */
  #result (node: Node, i: number, name: string): Tensor {
    const info = this.#infos.get(name)
    const known = info && typeOf(info)
    const x = new Tensor(info ? shapeOf(info) : UNKNOWN_SHAPE, known ?? resultType(node, i), { kind: 'node', node })
    return name === '' ? x : this.#define(name, x)
  }
}

function inputOf (info: ValueInfoProto): Tensor {
  const type = typeOf(info)
  if (!type) throw new OnnxError(`its input ${info.name} is no tensor, or does not say of what`)
  return new Tensor(shapeOf(info), type, { kind: 'input', name: info.name })
}

function fitting (x: Tensor, name: string, inputs: ReadonlyMap<string, Tensor>): Tensor {
  if (inputs.size > 1) throw new OnnxError(`it has ${inputs.size} inputs, not one: ${[...inputs.keys()].join(', ')}`)
  const { shape, type } = inputs.get(name)!
  const hasShape = shape.length === x.rank && shape.every((dim, i) => !isNumber(dim) || dim === x.shape[i])
  const fits = type === x.type && (shape === UNKNOWN_SHAPE || hasShape)
  if (!fits) throw new OnnxError(`its input ${name} is ${type} ${formatShape(shape)}, not ${x.type} ${formatShape(x.shape)}`)
  return x
}

/** @returns undefined where the file does not say it */
function typeOf ({ name, type }: ValueInfoProto): ElementType | undefined {
  const code = type?.value.case === 'tensorType' ? type.value.value.elemType : DataType.UNDEFINED
  return code === DataType.UNDEFINED ? undefined : elementType(code, name)
}

/** Sizes that are neither numbers nor named get a name of their own. */
function shapeOf ({ name, type }: ValueInfoProto): Shape {
  const shape = type?.value.case === 'tensorType' ? type.value.value.shape : undefined
  if (!shape) return UNKNOWN_SHAPE
  return shape.dim.map(({ value }, axis) => {
    if (value.case === 'dimValue') return Number(value.value)
    return value.value || `${name}_${axis}`
  })
}

function attributeOf (attribute: AttributeProto, place: string): Attribute {
  if (attribute.t) return constant(attribute.t, `${attribute.name} of ${place}`)
  switch (attribute.type) {
    case AttributeType.INT: return whole(attribute.i)
    case AttributeType.INTS: return attribute.ints.map(whole)
    case AttributeType.FLOAT: return { float: attribute.f }
    case AttributeType.FLOATS: return { floats: attribute.floats }
    case AttributeType.STRING: return new TextDecoder().decode(attribute.s)
    default: throw new OnnxError(`${place} has the attribute ${attribute.name} of type ${AttributeType[attribute.type]}, which is not supported`)
  }
}

const whole = (value: bigint): Whole => Number.isSafeInteger(Number(value)) ? Number(value) : value

/** What a Constant node gives. */
function constantOf ({ value }: Readonly<Record<string, Attribute>>, name: string, place: string): Tensor {
  if (!(value instanceof Tensor) || value.source.kind !== 'constant') throw new OnnxError(`${place} has no tensor for its value`)
  return new Tensor(value.shape, value.type, { ...value.source, name })
}

interface Figures {
  readonly size: number
  readonly fromRaw: (raw: ArrayBuffer) => Arrays[ElementType]
  /** Where they do not lie in raw bytes. */
  readonly listed: (proto: TensorProto) => Arrays[ElementType]
}
const FIGURES: Readonly<Record<ElementType, Figures>> = {
  float32: { size: 4, fromRaw: raw => new Float32Array(raw), listed: proto => Float32Array.from(proto.floatData) },
  float64: { size: 8, fromRaw: raw => new Float64Array(raw), listed: proto => Float64Array.from(proto.doubleData) },
  int64: { size: 8, fromRaw: raw => new BigInt64Array(raw), listed: proto => BigInt64Array.from(proto.int64Data) },
  int32: { size: 4, fromRaw: raw => new Int32Array(raw), listed: proto => Int32Array.from(proto.int32Data) },
  int8: { size: 1, fromRaw: raw => new Int8Array(raw), listed: proto => Int8Array.from(proto.int32Data) },
  uint8: { size: 1, fromRaw: raw => new Uint8Array(raw), listed: proto => Uint8Array.from(proto.int32Data) },
  bool: { size: 1, fromRaw: raw => new Uint8Array(raw), listed: proto => Uint8Array.from(proto.int32Data) }
}

function constant (proto: TensorProto, name: string): Tensor {
  const { dataLocation, rawData } = proto
  const type = elementType(proto.dataType, name)
  if (dataLocation === DataLocation.EXTERNAL) throw new OnnxError(`the figures of ${name} lie in another file, which is not supported`)
  const { size, fromRaw, listed } = FIGURES[type]
  if (rawData.length % size !== 0) throw new OnnxError(`${name} has ${rawData.length} bytes, which is no multiple of ${size}`)
  const data = rawData.length > 0 ? fromRaw(new Uint8Array(rawData).buffer) : listed(proto) // a copy: typed arrays need aligned offsets
  const shape = proto.dims.map(Number)
  if (data.length !== shape.reduce((a, b) => a * b, 1)) throw new OnnxError(`${name} has ${data.length} figures for the shape ${formatShape(shape)}`)
  return new Tensor(shape, type, { kind: 'constant', data, name })
}

function elementType (code: number, name: string): ElementType {
  const type = ELEMENT_TYPES.get(code)
  if (!type) throw new OnnxError(`${name} is of element type ${DataType[code] ?? code}, which is not supported`)
  return type
}
