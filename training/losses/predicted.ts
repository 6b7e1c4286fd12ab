import * as op from '../../nn/ops.ts'
import { floats, type Tensor } from '../../nn/tensor.ts'
import type { Points } from '../targets/points.ts'
import { distributionsOf, expectations, outward } from './boxes.ts'
import { backgroundLoss } from './quality-focal.ts'

/** What targets are assigned by: see `Predicted`. */
export interface PredictedTensors { readonly boxes: Tensor, readonly logits: Tensor, readonly costs: Tensor }

/** @param predictions `[N, C + 4·(R + 1), P]` */
export function predictedTensors (predictions: Tensor, numClasses: number, regMax: number, { x, y, strides }: Points): PredictedTensors {
  const [logits, distances] = op.split(predictions, [numClasses, 4 * (regMax + 1)]) as [Tensor, Tensor]
  const plane = (...values: Float64Array[]): Tensor =>
    floats([values.length, x.length], Float32Array.from(values.flatMap(value => [...value])))
  const beside = op.mul(outward(expectations(distributionsOf(distances, regMax, same => same))), plane(strides))
  return { boxes: op.add(beside, plane(x, y, x, y)), logits, costs: backgroundLoss(logits) }
}
