import {
  TensorProto_DataLocation as DataLocation, TensorProto_DataType as DataType, type TensorProto
} from 'onnx-buf'
import { formatShape } from '../dim.ts'
import { OnnxError } from '../errors.ts'
import { Tensor, type Arrays, type ElementType } from '../tensor.ts'
import { ELEMENT_TYPES } from './to-onnx.ts'

/** How values of one type are stored. */
interface Storage {
  /** Bytes of a value. */
  readonly size: number
  readonly fromRaw: (raw: ArrayBuffer) => Arrays[ElementType]
  /** Values in typed fields, for tensors without raw bytes. */
  readonly listed: (proto: TensorProto) => Arrays[ElementType]
}
const STORAGE: Readonly<Record<ElementType, Storage>> = {
  float32: { size: 4, fromRaw: raw => new Float32Array(raw), listed: proto => Float32Array.from(proto.floatData) },
  float64: { size: 8, fromRaw: raw => new Float64Array(raw), listed: proto => Float64Array.from(proto.doubleData) },
  float16: { size: 2, fromRaw: raw => new Uint16Array(raw), listed: proto => Uint16Array.from(proto.int32Data) },
  int64: { size: 8, fromRaw: raw => new BigInt64Array(raw), listed: proto => BigInt64Array.from(proto.int64Data) },
  int32: { size: 4, fromRaw: raw => new Int32Array(raw), listed: proto => Int32Array.from(proto.int32Data) },
  int8: { size: 1, fromRaw: raw => new Int8Array(raw), listed: proto => Int8Array.from(proto.int32Data) },
  uint8: { size: 1, fromRaw: raw => new Uint8Array(raw), listed: proto => Uint8Array.from(proto.int32Data) },
  bool: { size: 1, fromRaw: raw => new Uint8Array(raw), listed: proto => Uint8Array.from(proto.int32Data) }
}

/** A constant of a file. @throws OnnxError naming it */
export function constant (proto: TensorProto, name: string): Tensor {
  const { dataLocation, rawData } = proto
  const type = elementType(proto.dataType, name)
  if (dataLocation === DataLocation.EXTERNAL) throw new OnnxError(`the data of ${name} is in another file, which can't be read here`)
  const { size, fromRaw, listed } = STORAGE[type]
  if (rawData.length % size !== 0) throw new OnnxError(`${name} has ${rawData.length} bytes, not a multiple of ${size}`)
  const data = rawData.length > 0 ? fromRaw(new Uint8Array(rawData).buffer) : listed(proto) // a copy: typed arrays need aligned offsets
  const shape = proto.dims.map(Number)
  if (data.length !== shape.reduce((a, b) => a * b, 1)) throw new OnnxError(`${name} has ${data.length} values for the shape ${formatShape(shape)}`)
  return new Tensor(shape, type, { kind: 'constant', data, name })
}

/** The type with ONNX's number. @throws OnnxError naming the value that has another */
export function elementType (code: number, name: string): ElementType {
  const type = ELEMENT_TYPES.get(code)
  if (!type) {
    throw new OnnxError(`${name} is of element type ${DataType[code] ?? code}; supported are ${[...ELEMENT_TYPES.values()].join(', ')}`)
  }
  return type
}
