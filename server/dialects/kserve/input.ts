import { sniffFormat } from '../../../engine/image/sniff.ts'
import type { ModelInfo } from '../../../engine/models/model-info.ts'
import type { TensorInput } from '../../../engine/results.ts'
import { decodeBase64 } from '../../body/base64.ts'
import { ApiError } from '../../errors.ts'
import type { InferRequest, InputTensor } from './request.ts'
import { IMAGE, pixelsOf, takesAnySize, type TensorSpec } from './signature.ts'
import { bytesOfValues, decodeElements, flatValues } from './tensors.ts'

/**
 * The image file of a request: the one element of a BYTES tensor, in JSON as base64; or the whole body.
 * @throws ApiError INVALID_PARAMETER; ImageError if its first bytes are not an image's
 */
export function readImage ({ input, body }: InferRequest): Uint8Array {
  const image = input ? onlyElement(checked(input, IMAGE)) : body
  sniffFormat(image)
  return image
}

function onlyElement ({ name, shape, bytes, data, contentType }: InputTensor): Uint8Array {
  if (product(shape) !== 1) {
    refuse(`${name}: expected one image, shape [1], not [${shape.join(', ')}]: send a request for each`)
  }
  if (bytes) return decodeElements(bytes, 1, name)[0]!
  const elements = flatValues(data, shape.length, name)
  if (elements.length !== 1) refuse(`${name}: expected 1 element, found ${elements.length}`)
  if (contentType !== undefined && contentType !== 'base64') refuse(`${name}: content_type: expected base64`)
  return decodeBase64(elements[0], name)
}

/**
 * The network's own input. The worker checks whether the shape fits the network.
 * @throws ApiError INVALID_PARAMETER
 */
export function readPixels ({ input, body }: InferRequest, info: ModelInfo): TensorInput {
  const spec = pixelsOf(info)
  if (input) {
    const { name, shape, bytes, data } = checked(input, spec)
    return { shape, bytes: bytes ?? bytesOfValues(flatValues(data, shape.length, name), name) }
  }
  if (takesAnySize(info)) refuse(`${spec.name}: the number of bytes does not tell its shape: send that as JSON, too`)
  return { shape: spec.shape, bytes: body }
}

function checked (input: InputTensor, { name, datatype }: TensorSpec): InputTensor {
  if (input.name !== name) refuse(`inputs: unknown input ${input.name}; the input is ${name}`)
  if (input.datatype !== datatype) refuse(`${name}: expected datatype ${datatype}, not ${input.datatype}`)
  return input
}

function refuse (problem: string): never { throw new ApiError('INVALID_PARAMETER', problem) }

const product = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)
