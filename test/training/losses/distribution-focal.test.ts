import t from 'tap'
import { gradients } from '../../../nn/gradients/gradients.ts'
import { sumOver } from '../../../nn/math.ts'
import * as op from '../../../nn/ops.ts'
import { floats, scalar } from '../../../nn/tensor.ts'
import { distributionsOf } from '../../../training/losses/boxes.ts'
import { Detached } from '../../../training/losses/detached.ts'
import { distributionLoss } from '../../../training/losses/distribution-focal.ts'
import { fixture } from '../../support/files.ts'
import { maxDifference, run } from '../../support/run.ts'
import { transposed } from '../../support/training.ts'

interface Case {
  name: string
  logits: number[][]
  targets: number[]
  weights: number[] | null
  avgFactor: number
  perRow: number[]
  value: number
  grad: number[][]
}

const cases: Case[] = fixture('training-losses.json').dfl

/** Each row becomes a point whose left side it is; the other three sides have no weight. */
for (const { name, logits, targets, weights, avgFactor, perRow, value, grad } of cases) {
  t.test(`equals upstream's: ${name}`, async t => {
    const [points, bins] = [targets.length, logits[0]!.length]
    const left = transposed(logits.flat(), bins)
    const others = new Float32Array(3 * points)
    const x = floats([1, 4 * bins, points], Float32Array.from([...left, ...new Float32Array(3 * left.length)]))
    const sides = floats([1, 4, points], Float32Array.from([...targets, ...others]))
    const detached = new Detached()
    const distributions = distributionsOf(x, bins - 1, detached.detach)
    const losses = distributionLoss(distributions, sides)
    const weighted = op.mul(losses, floats([1, 4, 1, points], Float32Array.from([...weights ?? targets.map(() => 1), ...others])))
    const mean = op.mul(sumOver(weighted, [0, 1, 2, 3]), scalar(1 / avgFactor))
    const [gradient] = gradients([mean], [floats([1, 1, 1, 1], Float32Array.of(1))], [x], { detached })

    const found = await run({ weighted, mean, gradient: gradient! }, {})
    t.ok(maxDifference(found['weighted']!.data.subarray(0, points), perRow) <= 1e-5 * Math.max(1, ...perRow))
    t.ok(Math.abs(found['mean']!.data[0]! - value) <= 1e-5 * Math.max(1, value))
    t.ok(maxDifference(found['gradient']!.data.subarray(0, left.length), transposed(grad.flat(), bins)) <= 1e-5)
    t.ok(found['gradient']!.data.subarray(left.length).every(value => value === 0))
  })
}
