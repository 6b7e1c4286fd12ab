import t from 'tap'
import { REGISTRY } from '../../models/registry.ts'

for (const [name, config] of REGISTRY) {
  t.test(name, async t => {
    t.equal(config.name, name)
    t.equal(new Set(config.labels).size, config.labels.length)
    t.ok(config.head.strides.every((stride, i) => stride === 8 * 2 ** i), 'strides double from level to level')
    t.ok(config.input.width % 32 === 0 && config.input.height % 32 === 0)
    t.ok(config.published!.ap > 0 && config.published!.ap < 1, 'AP is a share, not a percentage')
  })
}
