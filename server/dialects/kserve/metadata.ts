import type { Engine } from '../../../engine/engine.ts'
import { VERSION } from '../../version.ts'
import { allServed, MODEL_VERSION, type Served } from './served.ts'
import { inputOf, outputsOf, type TensorSpec } from './signature.ts'

/** Triton's names of types in a model's configuration. */
const CONFIG_TYPES = { BYTES: 'TYPE_STRING', FP32: 'TYPE_FP32', INT64: 'TYPE_INT64', UINT8: 'TYPE_UINT8' } as const

export const serverMetadata = {
  name: 'nanodet-server',
  version: VERSION,
  extensions: ['binary_tensor_data', 'model_repository', 'model_configuration', 'statistics']
}

/** @throws ApiError MODEL_UNAVAILABLE */
export const modelMetadata = (served: Served) => ({
  name: served.name,
  versions: [MODEL_VERSION],
  platform: 'onnx_onnxv1',
  inputs: [inputOf(served)],
  outputs: outputsOf(served)
})

/** The part of a configuration that Triton's clients read. @throws ApiError MODEL_UNAVAILABLE */
export const modelConfig = (served: Served) => ({
  name: served.name,
  platform: 'onnxruntime_onnx',
  backend: 'onnxruntime',
  version_policy: { latest: { num_versions: 1 } },
  max_batch_size: 0,
  input: [inConfig(inputOf(served))],
  output: outputsOf(served).map(inConfig)
})

const inConfig = ({ name, datatype, shape }: TensorSpec) => ({ name, data_type: CONFIG_TYPES[datatype], dims: shape })

/** @param onlyReady omit models that are not loaded */
export function repositoryIndex (engine: Engine, onlyReady: boolean) {
  const all = allServed(engine).filter(({ deployment: { version } }) => version !== undefined || !onlyReady)
  return all.map(({ name, deployment: { version, state, problem } }) => ({
    name,
    version: MODEL_VERSION,
    state: version ? 'READY' : state.name === 'loading' ? 'LOADING' : 'UNAVAILABLE',
    reason: problem ?? (state.name === 'unloaded' ? 'unloaded' : '')
  }))
}
