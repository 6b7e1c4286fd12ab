import t from 'tap'
import { LIMITS } from '../../../models/files/limits.ts'
import { REGISTRY } from '../../../models/registry.ts'

t.test('every published model is within the limits', async t => {
  const within = (value: number, [min, max]: readonly [min: number, max: number]) => t.ok(value >= min && value <= max)
  for (const { input, labels } of REGISTRY.values()) {
    for (const side of [input.width, input.height]) within(side, LIMITS.side)
    within(labels.length, LIMITS.classes)
  }
})
