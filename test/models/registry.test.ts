import t from 'tap'
import { describeModel } from '../../models/kinds/kinds.ts'
import { REGISTRY } from '../../models/registry.ts'
import { source } from '../support/files.ts'

for (const [name, config] of REGISTRY) {
  t.test(name, async t => {
    t.equal(config.name, name)
    t.equal(new Set(config.labels).size, config.labels.length)
    t.ok(config.head.strides.every((stride, i) => stride === 8 * 2 ** i), 'strides double from level to level')
    t.ok(config.input.width % 32 === 0 && config.input.height % 32 === 0)
    t.ok(config.published!.ap > 0 && config.published!.ap < 1, 'AP is a share, not a percentage')
  })
}

t.test('docs/models.md has every model with its parts and figures, and no other', async t => {
  const rows = [...source('docs/models.md').matchAll(/^\| `([a-z\d.-]+)` \| (.*) \| \S*\[(?:Weight|Download)\]/gm)]
  const percent = (share: number | undefined): string => share === undefined ? '–' : (100 * share).toFixed(1)
  const expected = [...REGISTRY.values()].map(config => {
    const { backbone, neck, head, resizeMode, input, parameters } = describeModel({ kind: 'detector', config })
    const { ap, ap50, ap75 } = config.published!
    const figures = [ap, ap50, ap75].map(percent)
    return [backbone, neck, head, `${input.width}×${input.height}`, resizeMode, ...figures, parameters!.toLocaleString('en')].join(' | ')
  })
  t.same(rows.map(([, name, cells]) => [name, cells]), [...REGISTRY.keys()].map((name, i) => [name, expected[i]]))
})

t.test('normalization is the backbone\'s', async t => {
  for (const { backbone, normalization } of REGISTRY.values()) {
    t.equal(normalization.mean[0], backbone.name === 'efficientnet-lite' ? 127 : 103.53)
  }
})
