/**
 * ONNX models that keep tensors in other files.
 * Format: https://onnx.ai/onnx/repo-docs/ExternalData.html
 */
import { fromBinary, toBinary } from '@bufbuild/protobuf'
import {
  ModelProtoSchema, TensorProto_DataLocation as DataLocation, type GraphProto, type ModelProto, type TensorProto
} from 'onnx-buf'
import { OnnxError } from '../errors.ts'

/** Where a tensor's bytes are. */
export interface ExternalRange {
  /** A path relative to the model's folder, as the file gives it: not to be trusted. */
  readonly location: string
  readonly offset: number
  /** To the end of the file if undefined. */
  readonly length: number | undefined
}

/**
 * Puts the data of other files into the model itself.
 * @param read returns the bytes of a range; it is called for one range after the other
 * @returns the same bytes if the model has no such data, or is damaged (fromOnnx reports that)
 * @throws OnnxError naming the tensor whose range is not valid; whatever `read` throws
 */
export async function inlineExternalData (bytes: Uint8Array, read: (range: ExternalRange) => Promise<Uint8Array>): Promise<Uint8Array> {
  const model = parse(bytes)
  const tensors = model?.graph ? [...tensorsOf(model.graph)].filter(({ dataLocation }) => dataLocation === DataLocation.EXTERNAL) : []
  if (!model || tensors.length === 0) return bytes
  for (const tensor of tensors) {
    tensor.rawData = new Uint8Array(await read(rangeOf(tensor)))
    tensor.dataLocation = DataLocation.DEFAULT
    tensor.externalData = []
  }
  return toBinary(ModelProtoSchema, model)
}

function parse (bytes: Uint8Array): ModelProto | undefined {
  try {
    return fromBinary(ModelProtoSchema, bytes)
  } catch {
    return undefined
  }
}

function * tensorsOf ({ initializer, node }: GraphProto): Generator<TensorProto> {
  yield * initializer
  for (const { attribute } of node) for (const { t } of attribute) if (t) yield t
}

function rangeOf ({ name, externalData }: TensorProto): ExternalRange {
  const entries = new Map(externalData.map(({ key, value }) => [key, value]))
  const location = entries.get('location')
  if (!location) throw new OnnxError(`the data of ${name} is in another file, which the model does not name`)
  const length = entries.get('length')
  return {
    location,
    offset: bytesOf(entries.get('offset') ?? '0', name),
    length: length === undefined ? undefined : bytesOf(length, name)
  }
}

function bytesOf (text: string, name: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new OnnxError(`the data of ${name} in another file has the offset or length ${text}, not a number of bytes`)
  return Number(text)
}
