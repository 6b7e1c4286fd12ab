import { centerPriors } from '../../head/decode/priors.ts'
import { formatShape } from '../../nn/dim.ts'
import * as op from '../../nn/ops.ts'
import { floats, type Tensor } from '../../nn/tensor.ts'
import type { OpaqueConfig } from '../config.ts'
import { ModelFileError } from '../errors.ts'
import { groupsOf, inWords, pointOutputs, pointsOf, total, type PointOutput } from './outputs.ts'

/**
 * Joins a graph's outputs to predictions `[1, points, numClasses + 4 · (regMax + 1)]`. Each level, or all levels together, may have one
 * output with everything, or one with classes and one with boxes. Names and order of outputs differ between versions of exporters, and
 * don't matter.
 * @throws ModelFileError if the outputs are not those that the config describes
 */
export function joinOutputs (outputs: Iterable<Tensor>, config: OpaqueConfig): Tensor {
  const counts = pointsOf(config.input, config.head.strides)
  const groups = groupsOf(pointOutputs(outputs), counts)
  const joined = groups?.map(group => joinGroup(group, config))
  if (!joined?.every(x => x !== undefined)) throw new ModelFileError(config.name, misfit(outputs, counts, config))
  const predictions = joined.length === 1 ? joined[0]! : op.concat(joined, 1)
  return config.boxes === 'corners' ? cornersToDistances(predictions, config) : predictions
}

function joinGroup (outputs: readonly PointOutput[], { labels, head }: OpaqueConfig): Tensor | undefined {
  const [classes, distances] = [labels.length, 4 * (head.regMax + 1)]
  const whole = outputs.find(({ values }) => values === classes + distances)
  if (whole) return whole.tensor
  const scores = outputs.find(({ values }) => values === classes) // the first, if classes and distances are as many
  const boxes = outputs.find(output => output !== scores && output.values === distances)
  return scores && boxes && op.concat([scores.tensor, boxes.tensor], 2)
}

function misfit (outputs: Iterable<Tensor>, counts: readonly number[], { labels, head }: OpaqueConfig): string {
  const [classes, distances] = [labels.length, 4 * (head.regMax + 1)]
  const both = (points: number | string): string => `${formatShape([1, points, classes])} and ${formatShape([1, points, distances])}`
  const whole = formatShape([1, total(counts), classes + distances])
  return `the graph's outputs are ${inWords(outputs)}; expected ${whole}, or ${both(total(counts))}, ` +
    `or for each of ${counts.join(', ')} points ${both('points')}`
}

/**
 * Corners in pixels of the input → distances in strides, which decoding expects: left = (x − x1) / stride, right = (x2 − x) / stride. Class
 * scores are multiplied by 1. All as one product and one sum, which every version of the operators has in the same form.
 */
function cornersToDistances (predictions: Tensor, { input, head, labels }: OpaqueConfig): Tensor {
  const priors = centerPriors(input, head.strides, head.offset)
  const shape = [1, priors.length, labels.length + 4]
  const table = (ofClass: number, ofBox: (prior: typeof priors[number]) => number[]): Tensor =>
    floats(shape, Float32Array.from(priors.flatMap(prior => [...labels.map(() => ofClass), ...ofBox(prior)])))
  const factors = table(1, ({ stride }) => [-1 / stride, -1 / stride, 1 / stride, 1 / stride])
  const offsets = table(0, ({ x, y, stride }) => [x / stride, y / stride, -x / stride, -y / stride])
  return op.add(op.mul(predictions, factors), offsets)
}
