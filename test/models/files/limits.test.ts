import t from 'tap'
import { LIMITS } from '../../../models/files/limits.ts'
import { REGISTRY } from '../../../models/registry.ts'

t.test('every published model is within the limits', async t => {
  const within = (value: number, [min, max]: readonly [min: number, max: number]) => t.ok(value >= min && value <= max)
  for (const { head, neck, input, labels } of REGISTRY.values()) {
    for (const channels of [head.featChannels, neck.outChannels]) within(channels, LIMITS.channels)
    for (const side of [input.width, input.height]) within(side, LIMITS.side)
    within(head.stackedConvs, LIMITS.stackedConvs)
    within(head.regMax, LIMITS.regMax)
    within(labels.length, LIMITS.classes)
    if (neck.name === 'ghost-pan') within(neck.kernel, LIMITS.kernel)
    if (neck.name !== 'tan') continue
    within(neck.heads, LIMITS.heads)
    within(neck.encoders, LIMITS.encoders)
    within(neck.mlpRatio, LIMITS.mlpRatio)
  }
})
