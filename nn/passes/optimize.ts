import type { Graph } from '../graph.ts'
import { alignChannels } from './align-channels.ts'
import { foldBatchNorms } from './fold-batch-norms.ts'
import { foldScale } from './fold-scale.ts'
import { halveByPooling } from './halve-by-pooling.ts'
import { poolBeforeActivation } from './pool-before-activation.ts'
import type { Pass } from './rewrite.ts'

/** All passes, in the order they run. */
export const PASSES: readonly Pass[] = [foldBatchNorms, foldScale, poolBeforeActivation, halveByPooling, alignChannels]

/** The same network, faster. */
export const optimize = (graph: Graph, passes: readonly Pass[] = PASSES): Graph =>
  passes.reduce((rewritten, pass) => pass(rewritten), graph)
