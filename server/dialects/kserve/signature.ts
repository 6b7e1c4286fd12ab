import { hasOwnSize } from '../../../models/resize-mode.ts'
import { INPUT_NAME, OUTPUT_NAME } from '../../../models/tensor-names.ts'
import type { ModelInfo } from '../../../engine/models/model-info.ts'
import { ApiError } from '../../errors.ts'
import type { Served } from './served.ts'
import type { DataType } from './tensors.ts'

/** An input or output tensor. An axis of -1 has any length. */
export interface TensorSpec {
  readonly name: string
  readonly datatype: DataType | 'UINT8'
  readonly shape: readonly number[]
}

/** Input of a model: an image file. */
export const IMAGE: TensorSpec = { name: 'image', datatype: 'BYTES', shape: [1] }

/** Default outputs of a model. */
const OBJECTS: readonly TensorSpec[] = [
  { name: 'boxes', datatype: 'FP32', shape: [-1, 4] },
  { name: 'scores', datatype: 'FP32', shape: [-1] },
  { name: 'class_ids', datatype: 'INT64', shape: [-1] },
  { name: 'labels', datatype: 'BYTES', shape: [-1] }
]
export const OBJECT_OUTPUTS = OBJECTS.map(({ name }) => name)

const PREDICTIONS: readonly TensorSpec[] = [{ name: OUTPUT_NAME, datatype: 'FP32', shape: [1, -1, -1] }]

/** Input of a raw network. */
export const pixelsOf = (info: ModelInfo): TensorSpec =>
  ({ name: INPUT_NAME, datatype: 'UINT8', shape: takesAnySize(info) ? [1, -1, -1, 3] : [1, info.input.height, info.input.width, 3] })

export const takesAnySize = ({ resizeMode }: ModelInfo): boolean => resizeMode !== undefined && hasOwnSize(resizeMode)

/** The default outputs. */
export const outputsOf = ({ isRaw }: Pick<Served, 'isRaw'>): readonly TensorSpec[] => isRaw ? PREDICTIONS : OBJECTS

/** The only input. @throws ApiError MODEL_UNAVAILABLE if a network's is unknown */
export function inputOf ({ isRaw, name, deployment: { info, problem = 'it has not been read yet' } }: Served): TensorSpec {
  if (!isRaw) return IMAGE
  if (info) return pixelsOf(info)
  throw new ApiError('MODEL_UNAVAILABLE', `The input of ${name} is not known: ${problem}`)
}
