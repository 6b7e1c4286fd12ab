import type { Graph } from '../graph.ts'
import { interleaveByConcat } from './interleave-by-concat.ts'
import { normsIntoWeights } from './norms-into-weights.ts'
import { optimizeFrozen } from './optimize-frozen.ts'
import { poolBeforeActivation } from './pool-before-activation.ts'

/**
 * A network over fed parameters, faster: what depends on none of them gets all passes; the rest gets those that make it and its gradients
 * faster. For a graph before its gradients are added.
 * @param isFed whether an input is a parameter, by its name
 */
export const optimizeTraining = (graph: Graph, isFed: (name: string) => boolean): Graph =>
  [normsIntoWeights, poolBeforeActivation, interleaveByConcat].reduce((rewritten, pass) => pass(rewritten), optimizeFrozen(graph, isFed))
