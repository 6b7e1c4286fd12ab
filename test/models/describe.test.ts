import t from 'tap'
import { countParameters, describeModel } from '../../models/describe.ts'
import { REGISTRY } from '../../models/registry.ts'

// Upstream's exact counts, less the dead gfl_reg convolutions of 3 levels: 3 · (32 · feat + 32).
const PARAMETERS: Record<string, number> = {
  'nanodet-m-0.5x': 280_368 - 3 * 32 * 97,
  'nanodet-m': 959_348 - 3 * 32 * 97,
  'nanodet-m-416': 950_036,
  'nanodet-m-1.5x': 2_077_776 - 3 * 32 * 129,
  'nanodet-m-1.5x-416': 2_077_776 - 3 * 32 * 129
}

for (const [name, config] of REGISTRY) {
  t.test(`${name} has upstream's number of parameters`, async t => t.equal(countParameters(config), PARAMETERS[name]))
}

t.test('a model in short', async t => {
  const { labels, ...rest } = describeModel(REGISTRY.get('nanodet-m-416')!)
  t.equal(labels.length, 80)
  t.match(rest, { name: 'nanodet-m-416', input: { width: 416, height: 416 }, geometry: 'letterbox', backbone: 'shufflenetv2 1.0x', neck: 'pan', strides: [8, 16, 32] })
})
