import { readOnnxFile } from '../onnx-file.ts'
import { buildOpaque, compileOpaque, compileOpaqueCam } from '../opaque/graph.ts'
import type { ModelKind } from './kind.ts'

/** Detectors whose network is the graph of an ONNX file. */
export const opaque: ModelKind<'opaque'> = {
  kind: 'opaque',
  task: 'detect',
  takesCalibration: false,
  /** Checks that the graph can be built. Its layers need the runtime, so they are left for the engine. */
  async read ({ checkpoint, config }) {
    const onnx = await readOnnxFile(checkpoint)
    buildOpaque(onnx, config)
    return { kind: 'opaque', config, onnx, layers: [] }
  },
  compile: ({ onnx, config }, layers) => compileOpaque(onnx, config, layers),
  compileCam: (model, layers) => compileOpaqueCam(model, layers),
  describe: ({ resizeMode, head }) => ({ resizeMode, strides: [...head.strides] }),
  layers: ({ layers }) => layers
}
