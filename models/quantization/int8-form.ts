import type { Graph } from '../../nn/graph.ts'
import { concatBytes } from '../../nn/passes/concat-bytes.ts'
import { convolveStrips } from '../../nn/passes/convolve-strips.ts'
import { joinConvolutions } from '../../nn/passes/join-convolutions.ts'
import { optimize, PASSES } from '../../nn/passes/optimize.ts'
import { poolByConvolution } from '../../nn/passes/pool-by-convolution.ts'
import { quantize, type CalibrationTable } from '../../nn/passes/quantize.ts'
import type { KernelBits } from '../../nn/passes/quantized-kernel.ts'
import type { Pass } from '../../nn/passes/rewrite.ts'

/** The passes that bring a graph into the form that is fastest in int8. Its values are still float. */
export const INT8_FORM: readonly Pass[] = [...PASSES, joinConvolutions, convolveStrips, poolByConvolution]

/** The passes that quantize a graph. @throws NetworkError if a value has no range */
export const int8Passes = (calibration: CalibrationTable, bits: KernelBits = 8): readonly Pass[] =>
  [...INT8_FORM, quantize(calibration, bits), concatBytes]

/** A graph in the form that is quantized. */
export const int8Form = (graph: Graph): Graph => optimize(graph, INT8_FORM)
