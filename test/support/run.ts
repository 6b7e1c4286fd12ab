import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node'
import { toOnnx } from '../../nn/onnx/to-onnx.ts'
import type { Tensor } from '../../nn/tensor.ts'

export interface Value { dims: readonly number[], data: Float32Array }
type Feed = { data: Float32Array | Uint8Array, dims: readonly number[] }

/** Compiles the outputs and runs them in onnxruntime. */
export const run = (outputs: Record<string, Tensor>, feeds: Record<string, Feed>): Promise<Record<string, Value>> =>
  runOnnx(toOnnx({ outputs: new Map(Object.entries(outputs)) }), feeds)

/** Runs an ONNX file in onnxruntime. Outputs of any type come as floats. */
export async function runOnnx (onnx: Uint8Array, feeds: Record<string, Feed>): Promise<Record<string, Value>> {
  const session = await InferenceSession.create(onnx, { intraOpNumThreads: 1, logSeverityLevel: 3 })
  const tensors = Object.entries(feeds).map(([name, { data, dims }]) =>
    [name, data instanceof Uint8Array ? new OrtTensor('uint8', data, dims) : new OrtTensor('float32', data, dims)] as const)
  const results = await session.run(Object.fromEntries(tensors))
  await session.release()
  return Object.fromEntries(Object.entries(results).map(([name, { dims, data }]) => [name, { dims, data: toFloats(data) }]))
}

const toFloats = (data: OrtTensor['data']): Float32Array =>
  data instanceof Float32Array ? data : Float32Array.from(data as BigInt64Array, Number)

/** The largest number, its sign left aside. */
export const largest = (data: Float32Array): number => data.reduce((max, x) => Math.max(max, Math.abs(x)), 0)

/** The largest difference between two lists of numbers; NaN where the lengths differ. */
export function maxDifference (a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return NaN
  let max = 0
  for (let i = 0; i < a.length; i++) max = Math.max(max, Math.abs(a[i]! - b[i]!))
  return max
}
