/**
 * Imports ONNX models as graphs, so that other layers can be put before and after them.
 * Format: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */
import { fromBinary } from '@bufbuild/protobuf'
import {
  AttributeProto_AttributeType as AttributeType, ModelProtoSchema, TensorProto_DataType as DataType,
  type AttributeProto, type GraphProto, type ModelProto, type NodeProto, type ValueInfoProto
} from 'onnx-buf'
import { formatShape, isNumber, UNKNOWN_SHAPE, type Shape } from '../dim.ts'
import { OnnxError } from '../errors.ts'
import * as op from '../ops.ts'
import { Tensor, type Attribute, type ElementType, type Node, type Whole } from '../tensor.ts'
import { constant, elementType } from './constants.ts'
import { resultType } from './result-type.ts'
import { DATA_TYPES } from './to-onnx.ts'

/** The first version in which elementwise operators broadcast as they do today. */
const OLDEST_OPSET = 7
/** The last version that ONNX Runtime 1.30 runs. */
const NEWEST_OPSET = 26
const OPSET_ADVICE = 'export the model again, with opset_version=17 for example'
const DEFAULT_DOMAINS = ['', 'ai.onnx']

/** A model's graph, with the names that the file uses. */
export interface ImportedGraph {
  /** The inputs to feed: those that have no initializer. */
  readonly inputs: ReadonlyMap<string, Tensor>
  readonly outputs: ReadonlyMap<string, Tensor>
  /** All results of nodes, in the file's order. Shapes that the file doesn't declare are UNKNOWN_SHAPE. */
  readonly taps: ReadonlyMap<string, Tensor>
  /** Parameters and other constants. */
  readonly initializers: ReadonlyMap<string, Tensor>
  /** In the file's order, without Constant nodes. */
  readonly nodes: readonly Node[]
  /** The version of the operators. */
  readonly opset: number
}

export interface ImportOptions {
  /** Replaces the graph's only input, whose shape it must have. A float32 tensor also replaces a float16 input. */
  readonly input?: Tensor
}

/**
 * Reads a model.
 * @throws OnnxError if the bytes are not a valid model, or use something unsupported: data in other files (see external-data.ts),
 * subgraphs, operators of other domains, functions, sparse tensors, element types that `ElementType` lacks
 */
export function fromOnnx (bytes: Uint8Array, { input }: ImportOptions = {}): ImportedGraph {
  const model = parse(bytes)
  const graph = model.graph
  if (!graph || graph.node.length === 0) throw new OnnxError('it has no graph')
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
  if (!opset) throw new OnnxError('it does not declare the version of its operators (opset_import)')
  if (opset.version < OLDEST_OPSET || opset.version > NEWEST_OPSET) {
    throw new OnnxError(`it uses opset ${opset.version}; opsets ${OLDEST_OPSET} to ${NEWEST_OPSET} are supported: ${OPSET_ADVICE}`)
  }
  if (functions.length > 0) throw new OnnxError(`functions are not supported (${functions[0]!.name}): ${OPSET_ADVICE}`)
  return Number(opset.version)
}

/** Imports nodes in the graph's order, which is topological. */
class Importer {
  readonly #graph: GraphProto
  /** Types and shapes that the file declares. */
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
    const outputs = new Map(this.#graph.output.map(({ name }) => [name, this.#value(name, 'an output of the graph')]))
    return { inputs, outputs, taps, initializers, nodes: this.#nodes, opset }
  }

  #define (name: string, x: Tensor): Tensor {
    if (this.#values.has(name)) throw new OnnxError(`it defines ${name} twice`)
    this.#values.set(name, x)
    return x
  }

  #value (name: string, reader: string): Tensor {
    const value = this.#values.get(name)
    if (!value) throw new OnnxError(`${reader} reads ${name}, which no earlier node computes`)
    return value
  }

  /** @returns the node's outputs by name */
  #addNode (proto: NodeProto): Array<[name: string, x: Tensor]> {
    const { opType: op, domain, input, output } = proto
    const place = `node ${proto.name || output[0]} (${op})`
    if (!DEFAULT_DOMAINS.includes(domain)) throw new OnnxError(`${place} is of domain ${domain}; only standard ONNX operators are supported`)
    const attributes = Object.fromEntries(proto.attribute.map(attribute => [attribute.name, attributeOf(attribute, place)]))
    if (op === 'Constant') {
      this.#define(output[0]!, constantOf(attributes, output[0]!, place))
      return []
    }
    const inputs = input.map(name => name === '' ? undefined : this.#value(name, place))
    const outputs: Tensor[] = []
    const node: Node = { op, inputs, attributes, outputs }
    for (const [i, name] of output.entries()) outputs.push(this.#result(node, i, name))
    if (op === 'Upsample') checkScales(node, place)
    this.#nodes.push(node)
    return output.map((name, i): [string, Tensor] => [name, outputs[i]!]).filter(([name]) => name !== '')
  }

  /** The node's i-th output, with the type and shape that the file declares; otherwise, with the type that follows from the operator. */
  #result (node: Node, i: number, name: string): Tensor {
    const info = this.#infos.get(name)
    const known = info && typeOf(info)
    const x = new Tensor(info ? shapeOf(info) : UNKNOWN_SHAPE, known ?? resultType(node, i), { kind: 'node', node })
    return name === '' ? x : this.#define(name, x)
  }
}

/** Opset 9 has Upsample where later ones have Resize. ONNX Runtime refuses to shrink with it. */
function checkScales ({ inputs: [, scales], attributes }: Node, place: string): void {
  const listed = attributes['scales'] as { floats?: readonly number[] } | undefined
  const values = scales?.source.kind === 'constant' ? Array.from(scales.source.data, Number) : listed?.floats ?? []
  if (values.some(scale => scale < 1)) throw new OnnxError(`${place} shrinks its input, which opsets before 11 can't: ${OPSET_ADVICE}`)
}

function inputOf (info: ValueInfoProto): Tensor {
  const type = typeOf(info)
  if (!type) throw new OnnxError(`its input ${info.name} is not a tensor of a declared element type`)
  return new Tensor(shapeOf(info), type, { kind: 'input', name: info.name })
}

function fitting (x: Tensor, name: string, inputs: ReadonlyMap<string, Tensor>): Tensor {
  if (inputs.size > 1) throw new OnnxError(`it has ${inputs.size} inputs, not one: ${[...inputs.keys()].join(', ')}`)
  const { shape, type } = inputs.get(name)!
  const hasShape = shape.length === x.rank && shape.every((dim, i) => !isNumber(dim) || dim === x.shape[i])
  const isHalf = type === 'float16' && x.type === 'float32'
  const fits = (type === x.type || isHalf) && (shape === UNKNOWN_SHAPE || hasShape)
  if (!fits) throw new OnnxError(`its input ${name} is ${type} ${formatShape(shape)}, not ${x.type} ${formatShape(x.shape)}`)
  return isHalf ? op.cast(x, 'float16', DATA_TYPES.float16) : x
}

/** @returns undefined if the file doesn't declare it */
function typeOf ({ name, type }: ValueInfoProto): ElementType | undefined {
  const code = type?.value.case === 'tensorType' ? type.value.value.elemType : DataType.UNDEFINED
  return code === DataType.UNDEFINED ? undefined : elementType(code, name)
}

/** Gives a name to sizes that have neither a number nor a name. */
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

/** The output of a Constant node. */
function constantOf ({ value }: Readonly<Record<string, Attribute>>, name: string, place: string): Tensor {
  if (!(value instanceof Tensor) || value.source.kind !== 'constant') throw new OnnxError(`${place} has no tensor as its value`)
  return new Tensor(value.shape, value.type, { ...value.source, name })
}
