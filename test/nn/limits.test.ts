import t from 'tap'
import { REGISTRY } from '../../models/registry.ts'
import { LIMITS, whole, widthMultiplier } from '../../nn/limits.ts'

t.test('every published model is within the limits', async t => {
  const within = (value: number, [min, max]: readonly [min: number, max: number]) => t.ok(value >= min && value <= max)
  for (const { head, neck } of REGISTRY.values()) {
    for (const channels of [head.featChannels, neck.outChannels]) within(channels, LIMITS.channels)
    within(head.stackedConvs, LIMITS.stackedConvs)
    within(head.regMax, LIMITS.regMax)
    if (neck.name === 'ghost-pan') within(neck.kernel, LIMITS.kernel)
    if (neck.name !== 'tan') continue
    within(neck.heads, LIMITS.heads)
    within(neck.encoders, LIMITS.encoders)
    within(neck.mlpRatio, LIMITS.mlpRatio)
  }
})

t.test('options are held to their limits', async t => {
  const isPossible = (value: number) => whole(LIMITS.kernel).safeParse(value).success
  t.same([0, 1, 1.5, 15, 16].filter(isPossible), [1, 15])
  t.equal(widthMultiplier.parse(undefined), 1)
  t.notOk(widthMultiplier.safeParse(5).success)
})
