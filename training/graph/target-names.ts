/** Names of a detector's step graph and of the graph that its targets are assigned by. P is the number of points. */

/** Inputs of the step. Sides and scores count only where a point is positive. */
export const TARGETS = {
  /** int64 `[N, 1, P]`, 0 for background. */
  labels: 'target/labels',
  /** `[N, 1, P]`, 1 for points that learn to predict an object, 0 for background. */
  positive: 'target/positive',
  /** `[N, 4, P]`: from a point to the left, top, right and bottom of its object's box, in strides. */
  sides: 'target/sides',
  /** NanoDet-Plus only, `[N, 1, P]`: the scores to learn. */
  scores: 'target/scores'
} as const

/** Outputs of the assignment graph. */
export const ASSIGNMENT_OUTPUTS = {
  /** `[N, 4, P]`: x1, y1, x2, y2 in pixels of the input. */
  boxes: 'boxes',
  /** `[N, classes, P]` */
  logits: 'logits',
  /** `[N, 1, P]` */
  costs: 'costs'
} as const
