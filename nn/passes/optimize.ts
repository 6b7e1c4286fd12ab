import type { Graph } from '../graph.ts'
import { alignChannels } from './align-channels.ts'
import { foldBatchNorms } from './fold-batch-norms.ts'
import { foldScale } from './fold-scale.ts'
import { halveByPooling } from './halve-by-pooling.ts'
import { poolBeforeActivation } from './pool-before-activation.ts'
import type { Pass } from './rewrite.ts'

/** Passes that leave less to compute, whatever computes it. */
export const PORTABLE_PASSES: readonly Pass[] = [foldBatchNorms, foldScale, poolBeforeActivation, halveByPooling]

/** All passes for the CPU, in the order they run; the last one serves the blocks of its convolutions. */
export const PASSES: readonly Pass[] = [...PORTABLE_PASSES, alignChannels]

/** The same network, faster. */
export const optimize = (graph: Graph, passes: readonly Pass[] = PASSES): Graph =>
  passes.reduce((rewritten, pass) => pass(rewritten), graph)
