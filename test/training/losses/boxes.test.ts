import t from 'tap'
import { floats } from '../../../nn/tensor.ts'
import { distributionsOf, expectations, outward } from '../../../training/losses/boxes.ts'
import { maxDifference, run } from '../../support/run.ts'
import { seededFloats } from '../../support/seeded.ts'

const [REG_MAX, POINTS] = [4, 3]
const LOGITS = seededFloats('boxes', 4 * (REG_MAX + 1) * POINTS, u => 200 * u - 100)

/** The expected value of a side's distribution at a point. */
function expected (side: number, point: number): number {
  const logits = Array.from({ length: REG_MAX + 1 }, (_, bin) => LOGITS[(side * (REG_MAX + 1) + bin) * POINTS + point]!)
  const powers = logits.map(x => Math.exp(x - Math.max(...logits)))
  return powers.reduce((sum, power, bin) => sum + power * bin, 0) / powers.reduce((sum, power) => sum + power)
}

t.test('distances are expected values, however large the logits are', async t => {
  const distributions = distributionsOf(floats([1, 4 * (REG_MAX + 1), POINTS], LOGITS), REG_MAX, x => x)
  const { distances } = await run({ distances: expectations(distributions) }, {})
  t.same(distances!.dims, [1, 4, POINTS])
  t.ok(maxDifference(distances!.data, [0, 1, 2, 3].flatMap(side => [0, 1, 2].map(point => expected(side, point)))) < 1e-5)
})

t.test('left and top go outward from a point as right and bottom do', async t => {
  const { corners } = await run({ corners: outward(floats([1, 4, 1], Float32Array.of(1, 2, 3, 4))) }, {})
  t.same([...corners!.data], [-1, -2, 3, 4])
})
