import type { Graph } from '../../nn/graph.ts'
import { concatBytes } from '../../nn/passes/concat-bytes.ts'
import { convolveStrips } from '../../nn/passes/convolve-strips.ts'
import { equalizeChannels, type ChannelFactors } from '../../nn/passes/equalize-channels.ts'
import { foldBatchNorms } from '../../nn/passes/fold-batch-norms.ts'
import { joinConvolutions } from '../../nn/passes/join-convolutions.ts'
import { optimize, PASSES } from '../../nn/passes/optimize.ts'
import { poolByConvolution } from '../../nn/passes/pool-by-convolution.ts'
import { quantize } from '../../nn/passes/quantize.ts'
import type { KernelBits } from '../../nn/passes/quantized-kernel.ts'
import type { Pass } from '../../nn/passes/rewrite.ts'
import type { CalibrationTable } from '../calibration-table.ts'

/** The passes that bring a graph into the form that is fastest and most accurate in int8. Its values are still float. */
const int8FormPasses = (factors: ChannelFactors): readonly Pass[] =>
  [foldBatchNorms, equalizeChannels(factors), ...PASSES, joinConvolutions, convolveStrips, poolByConvolution]

/** The passes that quantize a graph. @throws NetworkError if the table does not fit */
export const int8Passes = ({ factors, ranges }: CalibrationTable, bits: KernelBits = 8): readonly Pass[] =>
  [...int8FormPasses(factors), quantize(ranges, bits), concatBytes]

/** A graph in the form that is quantized. @throws NetworkError if the factors do not fit */
export const int8Form = (graph: Graph, factors: ChannelFactors): Graph => optimize(graph, int8FormPasses(factors))
