import t from 'tap'
import { gradients } from '../../../nn/gradients/gradients.ts'
import { sumOver } from '../../../nn/math.ts'
import * as op from '../../../nn/ops.ts'
import { floats, scalar } from '../../../nn/tensor.ts'
import { giouLoss } from '../../../training/losses/giou.ts'
import { fixture } from '../../support/files.ts'
import { maxDifference, run } from '../../support/run.ts'
import { transposed } from '../../support/training.ts'

interface Case {
  name: string
  pred: number[][]
  target: number[][]
  weights: number[] | null
  avgFactor: number
  iou: number[]
  perRow: number[]
  value: number
  grad: number[][]
}

const cases: Case[] = fixture('training-losses.json').giou

for (const { name, pred, target, weights, avgFactor, iou, perRow, value, grad } of cases) {
  t.test(`equals upstream's: ${name}`, async t => {
    const points = pred.length
    const [boxes, targets] = [pred, target].map(rows => floats([1, 4, points], transposed(rows.flat(), 4)))
    const { loss, iou: overlaps } = giouLoss(boxes!, targets!)
    const weighted = op.mul(loss, floats([1, 1, points], Float32Array.from(weights ?? pred.map(() => 1))))
    const mean = op.mul(sumOver(weighted, [0, 1, 2]), scalar(1 / avgFactor))
    const [gradient] = gradients([mean], [floats([1, 1, 1], Float32Array.of(1))], [boxes!])

    const found = await run({ overlaps, weighted, mean, gradient: gradient! }, {})
    t.ok(maxDifference(found['overlaps']!.data, iou) <= 1e-6)
    t.ok(maxDifference(found['weighted']!.data, perRow) <= 1e-6)
    t.ok(Math.abs(found['mean']!.data[0]! - value) <= 1e-5 * Math.max(1, value))
    t.ok(maxDifference(found['gradient']!.data, transposed(grad.flat(), 4)) <= 1e-6)
  })
}
