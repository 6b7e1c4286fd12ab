import { toOnnx } from './onnx/to-onnx.ts'
import { optimize, PASSES } from './passes/optimize.ts'
import type { Pass } from './passes/rewrite.ts'
import type { Tensor } from './tensor.ts'

export interface CompileOptions {
  /** Names for tensors inside the graph, as viewers show them: `scope.taps`. */
  readonly names?: ReadonlyMap<string, Tensor>
  /** What makes the graph faster; `[]` leaves it as the layers build it. All passes by default. */
  readonly passes?: readonly Pass[]
  /** ONNX metadata. */
  readonly metadata?: Readonly<Record<string, string>>
}

/**
 * Compiles what tensors are computed from to an ONNX file, opset 17. Its inputs are the `input`s that they depend on.
 * @param outputs by name, in order
 */
export function compileOutputs (
  outputs: Readonly<Record<string, Tensor>>, { passes = PASSES, ...rest }: CompileOptions = {}
): Uint8Array {
  return toOnnx(optimize({ outputs: new Map(Object.entries(outputs)), ...rest }, passes))
}
