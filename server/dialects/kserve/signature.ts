import { hasOwnSize } from '../../../models/geometry.ts'
import { INPUT_NAME, OUTPUT_NAME } from '../../../models/tensor-names.ts'
import type { ModelInfo } from '../../../engine/models/model-info.ts'
import { ApiError } from '../../errors.ts'
import type { Served } from './served.ts'
import type { DataType } from './tensors.ts'

/** A tensor that goes in or comes out. An axis of -1 may have any length. */
export interface TensorSpec {
  readonly name: string
  readonly datatype: DataType | 'UINT8'
  readonly shape: readonly number[]
}

/** The one input, and the outputs of a request that names none. */
export interface Signature { readonly input: TensorSpec, readonly outputs: readonly TensorSpec[] }

/** From an image file to objects, the same for all models. */
const DETECTION: Signature = {
  input: { name: 'image', datatype: 'BYTES', shape: [1] },
  outputs: [
    { name: 'boxes', datatype: 'FP32', shape: [-1, 4] },
    { name: 'scores', datatype: 'FP32', shape: [-1] },
    { name: 'class_ids', datatype: 'INT64', shape: [-1] },
    { name: 'labels', datatype: 'BYTES', shape: [-1] }
  ]
}

/** The names of outputs that are about objects. */
export const OBJECT_OUTPUTS = DETECTION.outputs.map(({ name }) => name)

/**
 * What goes in and what comes out. Layers come out where they are asked for by name.
 * @throws ApiError MODEL_UNAVAILABLE where nobody knows
 */
export function signatureOf ({ isRaw, name, deployment: { info, problem = 'it has not been read yet' } }: Served): Signature {
  if (!isRaw) return DETECTION
  if (!info) throw new ApiError('MODEL_UNAVAILABLE', `The input of ${name} is not known: ${problem}`)
  const { input: { height, width } } = info
  return {
    input: { name: INPUT_NAME, datatype: 'UINT8', shape: takesAnySize(info) ? [1, -1, -1, 3] : [1, height, width, 3] },
    outputs: [{ name: OUTPUT_NAME, datatype: 'FP32', shape: [1, -1, -1] }]
  }
}

export const takesAnySize = ({ geometry }: ModelInfo): boolean => geometry !== undefined && hasOwnSize(geometry)
