/** Classifiers whose network is the graph of an ONNX file: pixels are normalized before it. */
import { isNumber } from '../../nn/dim.ts'
import { fromOnnx } from '../../nn/onnx/from-onnx.ts'
import { toOnnx } from '../../nn/onnx/to-onnx.ts'
import { input, type Tensor } from '../../nn/tensor.ts'
import type { OpaqueClassifierConfig } from '../config.ts'
import { ModelFileError } from '../errors.ts'
import { normalize } from '../normalize.ts'
import { INPUT_NAME, OUTPUT_NAME } from '../tensor-names.ts'
import { asFloats, inWords } from './outputs.ts'

/**
 * Compiles a file's graph, from pixels, uint8 `[1, H, W, 3]` RGB, to scores `[1, classes]`, in the file's own version of operators.
 * @throws OnnxError if the file can't be read, or does not take an image of the config's input size; ModelFileError if no output has one
 * value for each label
 */
export function compileOpaqueClassifier (bytes: Uint8Array, config: OpaqueClassifierConfig): Uint8Array {
  const { name, input: { width, height }, labels } = config
  const image = normalize(input(INPUT_NAME, [1, height, width, 3], 'uint8'), config.normalization)
  const { outputs, opset } = fromOnnx(bytes, { input: image })
  const scores = [...outputs.values()].find(x => classesOf(x) === labels.length)
  if (!scores) {
    throw new ModelFileError(name, `the graph's outputs are ${inWords(outputs.values())}; expected [1, ${labels.length}], a value for each label`)
  }
  return toOnnx({ outputs: new Map([[OUTPUT_NAME, asFloats(scores, [1, labels.length])]]), opset })
}

/** How many classes an output has: `[1, classes]`, also with trailing axes of size 1. Undefined for outputs of other shapes. */
export function classesOf ({ shape, type }: Tensor): number | undefined {
  const [batch, classes, ...rest] = shape
  const isOne = batch === 1 || typeof batch === 'string'
  const isFloat = type === 'float32' || type === 'float16'
  return isOne && isFloat && classes !== undefined && isNumber(classes) && rest.every(dim => dim === 1) ? classes : undefined
}
