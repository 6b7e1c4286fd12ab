/** ONNX files as other exporters and converters write them, for tests to read. */
import { clone, create, fromBinary, toBinary } from '@bufbuild/protobuf'
import {
  AttributeProto_AttributeType as AttributeType, AttributeProtoSchema, ModelProtoSchema, NodeProtoSchema, StringStringEntryProtoSchema,
  TensorProto_DataLocation as DataLocation, TensorProto_DataType as DataType, TensorProtoSchema, ValueInfoProtoSchema,
  type AttributeProto, type GraphProto, type ModelProto, type NodeProto, type TensorProto
} from 'onnx-buf'
import { toOnnx } from '../../nn/onnx/to-onnx.ts'
import { input, Tensor } from '../../nn/tensor.ts'

/** A graph over one image whose outputs have these shapes. It can be read, but not run. */
export function graphOf (shapes: ReadonlyArray<ReadonlyArray<number | string>>, image: ReadonlyArray<number | string> = [1, 3, 320, 320], op = 'Head'): Uint8Array {
  const inputs = [input('image', image)]
  const outputOf = (shape: ReadonlyArray<number | string>): Tensor => {
    const outputs: Tensor[] = []
    outputs.push(new Tensor(shape, 'float32', { kind: 'node', node: { op, inputs, attributes: {}, outputs } }))
    return outputs[0]!
  }
  return toOnnx({ outputs: new Map(shapes.map((shape, i) => [`y${i}`, outputOf(shape)])) })
}

/** Changes a file. */
export function edited (onnx: Uint8Array, edit: (graph: GraphProto, model: ModelProto) => void): Uint8Array {
  const model = fromBinary(ModelProtoSchema, onnx)
  edit(model.graph!, model)
  return toBinary(ModelProtoSchema, create(ModelProtoSchema, model))
}

/** With one more input, which is added to what nodes read of an output. */
export const withShift = (onnx: Uint8Array, output: string, shift: string): Uint8Array => edited(onnx, graph => {
  const shifted = `${output} + ${shift}`
  for (const node of graph.node) node.input = node.input.map(name => name === output ? shifted : name)
  const place = graph.node.findIndex(node => node.output.includes(output))
  graph.node.splice(place + 1, 0, create(NodeProtoSchema, { opType: 'Add', input: [output, shift], output: [shifted] }))
  graph.input.push({ ...clone(ValueInfoProtoSchema, graph.output.find(({ name }) => name === output)!), name: shift })
})

/**
 * In an older version of the operators, 9 or 11: sizes of Split and limits of Slice become attributes. In 9, Resize becomes Upsample, which
 * samples elsewhere.
 */
export const withOpset = (onnx: Uint8Array, version: 9 | 11): Uint8Array => edited(onnx, (graph, model) => {
  for (const opset of model.opsetImport) opset.version = BigInt(version)
  const values = new Map(graph.initializer.map(({ name, rawData }) => [name, rawData]))
  const integers = (name: string): bigint[] => [...new BigInt64Array(new Uint8Array(values.get(name)!).buffer)]
  for (const node of graph.node) {
    if (node.opType === 'Split') node.attribute.push(ints('split', integers(node.input.pop()!)))
    if (version === 9 && node.opType === 'Slice') {
      const limits = node.input.splice(1).map(integers)
      node.attribute.push(...['starts', 'ends', 'axes'].map((name, i) => ints(name, limits[i]!)))
    }
    if (version === 11 && node.opType === 'Resize') node.input[1] = 'roi'
    if (version === 9 && node.opType === 'Resize') {
      node.opType = 'Upsample'
      node.input.splice(1, 1)
      node.attribute = node.attribute.filter(({ name }) => name === 'mode')
    }
  }
  graph.initializer.push(create(TensorProtoSchema, { name: 'roi', dims: [0n], dataType: DataType.FLOAT }))
})

const ints = (name: string, ints: bigint[]): AttributeProto => create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints })

/** In half precision: inputs, outputs and weights. The scales of Resize stay float32. */
export const inHalfPrecision = (onnx: Uint8Array): Uint8Array => edited(onnx, graph => {
  const scales = new Set(graph.node.filter(({ opType }) => opType === 'Resize').map(({ input }) => input[2]))
  for (const tensor of graph.initializer) {
    if (tensor.dataType !== DataType.FLOAT || scales.has(tensor.name)) continue
    tensor.rawData = new Uint8Array(Uint16Array.from(floatsOf(tensor), float16Bits).buffer)
    tensor.dataType = DataType.FLOAT16
  }
  for (const { type } of [...graph.input, ...graph.output]) {
    if (type?.value.case === 'tensorType') type.value.value.elemType = DataType.FLOAT16
  }
})

/** Keeps every float tensor in another file. @returns both files */
export function withExternalWeights (onnx: Uint8Array, location: string): { onnx: Buffer, data: Buffer } {
  const chunks: Uint8Array[] = []
  const changed = edited(onnx, graph => {
    for (const tensor of graph.initializer.filter(({ dataType }) => dataType === DataType.FLOAT)) {
      const offset = chunks.reduce((sum, { length }) => sum + length, 0)
      chunks.push(tensor.rawData)
      const entries = Object.entries({ location, offset: String(offset), length: String(tensor.rawData.length) })
      Object.assign(tensor, { rawData: new Uint8Array(0), dataLocation: DataLocation.EXTERNAL })
      tensor.externalData = entries.map(([key, value]) => create(StringStringEntryProtoSchema, { key, value }))
    }
  })
  return { onnx: Buffer.from(changed), data: Buffer.concat(chunks) }
}

/** With 8-bit weights and inputs of convolutions, as quantize_static writes them in QDQ format. Values inside have no value_info. */
export const quantized = (onnx: Uint8Array): Uint8Array => edited(onnx, graph => {
  const initializers = [scale('activation_scale', 0.05), zero('activation_zero', DataType.UINT8, 128)]
  const nodes: NodeProto[] = []
  const weights = new Map(graph.initializer.map(tensor => [tensor.name, tensor]))
  for (const node of graph.node) {
    if (node.opType === 'Conv') {
      const [x, w] = node.input as [string, string]
      const name = node.output[0]!
      const weight = weights.get(w)!
      initializers.push(...quantizedWeight(weight, `${name}_w`))
      node.input[0] = `${name}_x_dequantized`
      node.input[1] = `${name}_w_dequantized`
      nodes.push(
        nodeOf('QuantizeLinear', [x, 'activation_scale', 'activation_zero'], `${name}_x_quantized`),
        nodeOf('DequantizeLinear', [`${name}_x_quantized`, 'activation_scale', 'activation_zero'], `${name}_x_dequantized`),
        nodeOf('DequantizeLinear', [`${name}_w`, `${name}_w_scale`, `${name}_w_zero`], `${name}_w_dequantized`)
      )
    }
    nodes.push(node)
  }
  graph.node = nodes
  graph.initializer.push(...initializers)
})

const nodeOf = (opType: string, input: string[], output: string): NodeProto =>
  create(NodeProtoSchema, { opType, input, output: [output], name: output })

function quantizedWeight (weight: TensorProto, name: string): TensorProto[] {
  const floats = floatsOf(weight)
  const step = floats.reduce((max, x) => Math.max(max, Math.abs(x)), 0) / 127
  const values = Int8Array.from(floats, x => Math.round(x / step))
  return [
    create(TensorProtoSchema, { name, dims: weight.dims, dataType: DataType.INT8, rawData: new Uint8Array(values.buffer) }),
    scale(`${name}_scale`, step),
    zero(`${name}_zero`, DataType.INT8, 0)
  ]
}

const scale = (name: string, value: number): TensorProto =>
  create(TensorProtoSchema, { name, dataType: DataType.FLOAT, floatData: [value] })
const zero = (name: string, dataType: DataType, value: number): TensorProto =>
  create(TensorProtoSchema, { name, dataType, int32Data: [value] })

const floatsOf = ({ rawData }: TensorProto): Float32Array => new Float32Array(new Uint8Array(rawData).buffer)

/** The bits of the nearest IEEE 754 binary16, of numbers that it can express. */
export function float16Bits (x: number): number {
  if (Math.abs(x) < 2 ** -24) return x < 0 || Object.is(x, -0) ? 0x8000 : 0
  const sign = x < 0 ? 0x8000 : 0
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(x))), -14)
  const fraction = Math.round(Math.abs(x) / 2 ** (exponent - 10)) // the leading 1 included, unless the number is subnormal
  return sign | (((exponent + 14) << 10) + fraction)
}
