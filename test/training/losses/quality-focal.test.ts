import t from 'tap'
import { gradients } from '../../../nn/gradients/gradients.ts'
import { sumOver } from '../../../nn/math.ts'
import * as op from '../../../nn/ops.ts'
import { floats, scalar, Tensor } from '../../../nn/tensor.ts'
import { backgroundLoss, labelLoss } from '../../../training/losses/quality-focal.ts'
import { fixture } from '../../support/files.ts'
import { largest, maxDifference, run } from '../../support/run.ts'
import { transposed } from '../../support/training.ts'

interface Case {
  name: string
  logits: number[][]
  labels: number[]
  scores: number[]
  weights: number[] | null
  avgFactor: number
  perRow: number[]
  value: number
  grad: number[][]
}

const cases: Case[] = fixture('training-losses.json').qfl

for (const { name, logits, labels, scores, weights, avgFactor, perRow, value, grad } of cases) {
  t.test(`equals upstream's: ${name}`, async t => {
    const [points, classes] = [labels.length, logits[0]!.length]
    const rows = (values: readonly number[]): Tensor => floats([1, 1, points], Float32Array.from(values))
    const x = floats([1, classes, points], transposed(logits.flat(), classes))
    const isPositive = labels.map(label => Number(label < classes))
    const indices = new Tensor([1, 1, points], 'int64', { kind: 'constant', data: BigInt64Array.from(labels, label => BigInt(label % classes)) })
    const different = op.mul(rows(isPositive), labelLoss(x, indices, rows(scores)))
    const losses = op.mul(op.add(backgroundLoss(x), different), rows(weights ?? labels.map(() => 1)))
    const mean = op.mul(sumOver(losses, [0, 1, 2]), scalar(1 / avgFactor))
    const [gradient] = gradients([mean], [floats([1, 1, 1], Float32Array.of(1))], [x])

    const found = await run({ losses, mean, gradient: gradient! }, {})
    t.ok(maxDifference(found['losses']!.data, perRow) <= 1e-5 * Math.max(1, ...perRow))
    t.ok(Math.abs(found['mean']!.data[0]! - value) <= 1e-5 * Math.max(1, value))
    const expected = transposed(grad.flat(), classes)
    t.ok(maxDifference(found['gradient']!.data, expected) <= 1e-5 * Math.max(1, largest(expected)))
  })
}
