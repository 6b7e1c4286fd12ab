import type { Engine } from '../../../engine/engine.ts'
import { VERSION } from '../../version.ts'
import { allServed, MODEL_VERSION, type Served } from './served.ts'
import { signatureOf, type TensorSpec } from './signature.ts'

/** Triton's names for types, in a model's configuration. */
const CONFIG_TYPES = { BYTES: 'TYPE_STRING', FP32: 'TYPE_FP32', INT64: 'TYPE_INT64', UINT8: 'TYPE_UINT8' } as const

export const serverMetadata = {
  name: 'nanodet-server',
  version: VERSION,
  extensions: ['binary_tensor_data', 'model_repository', 'model_configuration', 'statistics']
}

/** @throws ApiError MODEL_UNAVAILABLE */
export function modelMetadata (served: Served) {
  const { input, outputs } = signatureOf(served)
  return { name: served.name, versions: [MODEL_VERSION], platform: 'onnx_onnxv1', inputs: [input], outputs }
}

/** What Triton's clients read of a configuration. @throws ApiError MODEL_UNAVAILABLE */
export function modelConfig (served: Served) {
  const { input, outputs } = signatureOf(served)
  return {
    name: served.name,
    platform: 'onnxruntime_onnx',
    backend: 'onnxruntime',
    version_policy: { latest: { num_versions: 1 } },
    max_batch_size: 0,
    input: [inConfig(input)],
    output: outputs.map(inConfig)
  }
}

const inConfig = ({ name, datatype, shape }: TensorSpec) => ({ name, data_type: CONFIG_TYPES[datatype], dims: shape })

/** @param onlyReady leave out what is not loaded */
export function repositoryIndex (engine: Engine, onlyReady: boolean) {
  const all = allServed(engine).filter(({ deployment: { version } }) => version !== undefined || !onlyReady)
  return all.map(({ name, deployment: { version, state, problem } }) => ({
    name,
    version: MODEL_VERSION,
    state: version ? 'READY' : state.name === 'loading' ? 'LOADING' : 'UNAVAILABLE',
    reason: problem ?? (state.name === 'unloaded' ? 'unloaded' : '')
  }))
}
