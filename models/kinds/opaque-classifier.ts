import { readOnnxFile } from '../onnx-file.ts'
import { compileOpaqueClassifier } from '../opaque/classifier.ts'
import type { ModelKind } from './kind.ts'

/** Classifiers whose network is the graph of an ONNX file. */
export const opaqueClassifier: ModelKind<'opaque-classifier'> = {
  kind: 'opaque-classifier',
  task: 'classify',
  takesCalibration: false,
  async read ({ checkpoint, config }) {
    const onnx = await readOnnxFile(checkpoint)
    compileOpaqueClassifier(onnx, config) // checks that it can be built
    return { kind: 'opaque-classifier', config, onnx }
  },
  compile: ({ onnx, config }) => compileOpaqueClassifier(onnx, config),
  describe: () => ({}),
  layers: () => []
}
