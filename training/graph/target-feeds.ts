import type { ModelConfig } from '../../models/config.ts'
import type { Outputs } from '../objective.ts'
import type { TruthBox } from '../spec.ts'
import type { Feeds } from '../step-graph.ts'
import { assignAtss } from '../targets/atss.ts'
import type { Assignment } from '../targets/assignment.ts'
import { assignDynamic, type Predicted } from '../targets/dynamic.ts'
import { pointsOf, type Points } from '../targets/points.ts'
import { isAssignedByPredictions } from './generation.ts'
import { ASSIGNMENT_OUTPUTS, TARGETS } from './target-names.ts'

/** Makes the inputs of a step besides pixels and parameters, from the objects of each photo in pixels of the input. */
export type TargetFeeds = (photos: ReadonlyArray<readonly TruthBox[]>, predictions: Outputs | undefined) => Feeds

/** NanoDet-Plus's targets depend on predictions, the outputs of `assignmentGraph`; those of other heads on the objects alone. */
export function targetFeeds (config: ModelConfig): TargetFeeds {
  const points = pointsOf(config)
  if (!isAssignedByPredictions(config)) {
    return photos => {
      const { [TARGETS.scores]: _, ...feeds } = feedsOf(photos, photos.map(objects => assignAtss(objects, points)), points)
      return feeds
    }
  }
  return (photos, predictions) => {
    const assigned = photos.map((objects, i) => assignDynamic(objects, predictedOn(i, predictions!), points))
    return feedsOf(photos, assigned, points)
  }
}

/** What is predicted on one photo of a run. */
function predictedOn (i: number, outputs: Outputs): Predicted {
  const part = (name: string): Float32Array => {
    const { data, dims: [count = 1] } = outputs[name]!
    return data.subarray(i * data.length / count, (i + 1) * data.length / count)
  }
  return { boxes: part(ASSIGNMENT_OUTPUTS.boxes), logits: part(ASSIGNMENT_OUTPUTS.logits), costs: part(ASSIGNMENT_OUTPUTS.costs) }
}

/** The targets as dense planes. Where the background is, they hold harmless values. */
export function feedsOf (photos: ReadonlyArray<readonly TruthBox[]>, assigned: readonly Assignment[], points: Points): Feeds {
  const [batch, count] = [photos.length, points.x.length]
  const labels = new BigInt64Array(batch * count)
  const positive = new Float32Array(batch * count)
  const scores = new Float32Array(batch * count)
  const sides = new Float32Array(batch * 4 * count).fill(1)
  assigned.forEach((assignment, photo) => assignment.points.forEach((point, i) => {
    const { box, label } = photos[photo]![assignment.objects[i]!]!
    labels[photo * count + point] = BigInt(label)
    positive[photo * count + point] = 1
    scores[photo * count + point] = assignment.overlaps[i]!
    sidesOf(box, points, point).forEach((side, k) => { sides[(photo * 4 + k) * count + point] = side })
  }))
  return {
    [TARGETS.labels]: { type: 'int64', dims: [batch, 1, count], data: labels },
    [TARGETS.positive]: { type: 'float32', dims: [batch, 1, count], data: positive },
    [TARGETS.scores]: { type: 'float32', dims: [batch, 1, count], data: scores },
    [TARGETS.sides]: { type: 'float32', dims: [batch, 4, count], data: sides }
  }
}

/** From a point to the left, top, right and bottom of a box, in strides. */
function sidesOf ([x1, y1, x2, y2]: TruthBox['box'], { x, y, strides }: Points, point: number): number[] {
  return [x[point]! - x1, y[point]! - y1, x2 - x[point]!, y2 - y[point]!].map(side => side / strides[point]!)
}
