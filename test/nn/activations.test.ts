import t from 'tap'
import { ACTIVATIONS, type ActivationName } from '../../nn/activations.ts'
import { Scope } from '../../nn/scope.ts'
import { input } from '../../nn/tensor.ts'
import { maxDifference, run } from '../support/run.ts'
import { seededWeights } from '../support/seeded.ts'

const data = Float32Array.of(-8, -3, -1, -0.5, 0, 0.5, 1, 3, 5, 8)
const slope = seededWeights.get('weight', [1])[0]!
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))

/** Abramowitz and Stegun 7.1.26, good to 1.5e-7. */
function erf (x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x))
  const tail = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
  return Math.sign(x) * (1 - tail * Math.exp(-x * x))
}

const expected: Record<ActivationName, (x: number) => number> = {
  ReLU: x => Math.max(x, 0),
  ReLU6: x => Math.min(Math.max(x, 0), 6),
  LeakyReLU: x => x > 0 ? x : 0.1 * x,
  HardSwish: x => x * Math.min(Math.max(x / 6 + 0.5, 0), 1),
  Hardswish: x => x * Math.min(Math.max(x / 6 + 0.5, 0), 1),
  SiLU: x => x * sigmoid(x),
  ELU: x => x > 0 ? x : Math.expm1(x),
  SELU: x => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x)),
  GELU: x => x / 2 * (1 + erf(x * Math.SQRT1_2)),
  PReLU: x => x > 0 ? x : slope * x,
  null: x => x
}

for (const [name, f] of Object.entries(expected)) {
  t.test(name, async t => {
    const y = ACTIVATIONS[name as ActivationName](input('x', [1, data.length]), Scope.root(seededWeights))
    const { y: result } = await run({ y }, { x: { dims: [1, data.length], data } })
    t.ok(maxDifference(result!.data, [...data].map(f)) < 2e-6)
  })
}
