import { create, toBinary, type MessageInitShape } from '@bufbuild/protobuf'
import {
  AttributeProto_AttributeType as AttributeType, ModelProtoSchema, TensorProto_DataType as DataType,
  type AttributeProtoSchema, type NodeProtoSchema, type TensorProtoSchema, type ValueInfoProtoSchema
} from 'onnx-buf'
import { isNumber, UNKNOWN_SHAPE, type Shape } from '../dim.ts'
import { topologicalOrder, type Graph } from '../graph.ts'
import * as op from '../ops.ts'
import { Tensor, type Attribute, type ElementType, type Node, type Source } from '../tensor.ts'

export const OPSET = 17
const IR_VERSION = 8
export const DATA_TYPES: Record<ElementType, DataType> = {
  float32: DataType.FLOAT,
  float64: DataType.DOUBLE,
  float16: DataType.FLOAT16,
  int64: DataType.INT64,
  int32: DataType.INT32,
  int8: DataType.INT8,
  uint8: DataType.UINT8,
  bool: DataType.BOOL
}
export const ELEMENT_TYPES: ReadonlyMap<number, ElementType> =
  new Map(Object.entries(DATA_TYPES).map(([type, code]) => [code, type as ElementType]))

/** Serializes the outputs and everything they depend on as an ONNX model. */
export function toOnnx (graph: Graph): Uint8Array {
  const outputs = bearers(graph.outputs)
  const nodes = topologicalOrder(outputs.values())
  const leaves = leavesOf(nodes)
  const names = new Names(outputs, leaves, graph.names)
  const model = create(ModelProtoSchema, {
    irVersion: BigInt(IR_VERSION),
    opsetImport: [{ domain: '', version: BigInt(graph.opset ?? OPSET) }],
    producerName: 'nanodet-server',
    metadataProps: Object.entries(graph.metadata ?? {}).map(([key, value]) => ({ key, value })),
    graph: {
      name: 'network',
      node: nodes.map(node => nodeProto(node, names)),
      initializer: leaves.filter(x => x.source.kind === 'constant').map(x => tensorProto(x, names.of(x))),
      input: leaves.filter(x => x.source.kind === 'input').map(x => valueInfo(x, names.of(x))),
      output: [...outputs].map(([name, x]) => valueInfo(x, name))
    }
  })
  return toBinary(ModelProtoSchema, model)
}

/** The tensors that carry the outputs' names. An input, or a tensor that already has a name, goes through an Identity. */
function bearers (outputs: ReadonlyMap<string, Tensor>): Map<string, Tensor> {
  const named = new Set<Tensor>()
  return new Map([...outputs].map(([name, x]) => {
    const bearer = x.source.kind === 'node' && !named.has(x) ? x : op.identity(x)
    named.add(bearer)
    return [name, bearer]
  }))
}

/** Names of tensors. Outputs and inputs keep theirs; other tensors get the wanted name if it is free. */
class Names {
  readonly #names = new Map<Tensor, string>()
  readonly #taken = new Set<string>()
  #count = 0

  constructor (outputs: ReadonlyMap<string, Tensor>, leaves: readonly Tensor[], wanted: ReadonlyMap<string, Tensor> = new Map()) {
    for (const [name, x] of outputs) this.#give(x, name)
    for (const { source } of leaves) if (source.kind === 'input') this.#taken.add(source.name)
    for (const [name, x] of wanted) {
      if (x.source.kind === 'node' && !this.#names.has(x) && !this.#taken.has(name)) this.#give(x, name)
    }
  }

  of (x: Tensor): string { return this.#names.get(x) ?? this.#give(x, this.#fresh(x.source)) }

  #give (x: Tensor, name: string): string {
    this.#names.set(x, name)
    this.#taken.add(name)
    return name
  }

  #fresh (source: Source): string {
    if (source.kind === 'input') return source.name
    if (source.kind === 'node') return this.#free(source.node.op)
    return source.name === undefined || this.#taken.has(source.name) ? this.#free(source.name ?? 'constant') : source.name
  }

  #free (stem: string): string {
    let name: string
    do name = `${stem}_${this.#count++}`; while (this.#taken.has(name))
    return name
  }
}

/** Inputs and constants that nodes read, in order of first use. */
function leavesOf (nodes: readonly Node[]): Tensor[] {
  const read = nodes.flatMap(node => node.inputs).filter(x => x !== undefined)
  return [...new Set(read)].filter(x => x.source.kind !== 'node')
}

function nodeProto (node: Node, names: Names): MessageInitShape<typeof NodeProtoSchema> {
  const output = node.outputs.map(x => names.of(x))
  return {
    name: output[0]!,
    opType: node.op,
    input: node.inputs.map(x => x === undefined ? '' : names.of(x)),
    output,
    attribute: Object.entries(node.attributes).map(([name, value]) => attribute(name, value))
  }
}

function attribute (name: string, value: Attribute): MessageInitShape<typeof AttributeProtoSchema> {
  if (typeof value === 'number' || typeof value === 'bigint') return { name, type: AttributeType.INT, i: BigInt(value) }
  if (typeof value === 'string') return { name, type: AttributeType.STRING, s: new TextEncoder().encode(value) }
  if ('float' in value) return { name, type: AttributeType.FLOAT, f: value.float }
  if ('floats' in value) return { name, type: AttributeType.FLOATS, floats: [...value.floats] }
  if (value instanceof Tensor) return { name, type: AttributeType.TENSOR, t: tensorProto(value) }
  return { name, type: AttributeType.INTS, ints: value.map(BigInt) }
}

function tensorProto (x: Tensor, name = ''): MessageInitShape<typeof TensorProtoSchema> {
  if (x.source.kind !== 'constant') throw new Error('only a constant has values')
  const { buffer, byteOffset, byteLength } = x.source.data
  return {
    name,
    dims: x.shape.map(dim => BigInt(dim)),
    dataType: DATA_TYPES[x.type],
    rawData: new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength)
  }
}

function valueInfo (x: Tensor, name: string): MessageInitShape<typeof ValueInfoProtoSchema> {
  const tensorType = { elemType: DATA_TYPES[x.type], ...(x.shape !== UNKNOWN_SHAPE && { shape: { dim: dims(x.shape) } }) }
  return { name, type: { value: { case: 'tensorType', value: tensorType } } }
}

const dims = (shape: Shape) => shape.map(dim => ({
  value: isNumber(dim) ? { case: 'dimValue' as const, value: BigInt(dim) } : { case: 'dimParam' as const, value: dim }
}))
