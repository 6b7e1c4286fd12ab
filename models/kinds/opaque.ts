import { readFile } from 'node:fs/promises'
import { buildOpaque, compileOpaque } from '../opaque.ts'
import type { ModelKind } from './kind.ts'

/** Detectors whose graph is an ONNX file's. */
export const opaque: ModelKind<'opaque'> = {
  kind: 'opaque',
  task: 'detect',
  takesCalibration: false,
  /**
   * That the graph can be built is known from then on. Its layers only the runtime can tell: they are left for whoever
   * has one.
   */
  async read ({ checkpoint, config }) {
    const onnx = await readFile(checkpoint)
    buildOpaque(onnx, config)
    return { kind: 'opaque', config, onnx, layers: [] }
  },
  compile: ({ onnx, config }, layers) => compileOpaque(onnx, config, layers),
  describe: ({ resizeMode, head }) => ({ resizeMode, strides: [...head.strides] }),
  layers: ({ layers }) => layers
}
