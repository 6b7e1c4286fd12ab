import t from 'tap'
import { describeModel } from '../../models/describe.ts'
import { REGISTRY } from '../../models/registry.ts'

t.test('a model in short', async t => {
  const { labels, ...rest } = describeModel(REGISTRY.get('nanodet-m-416')!)
  t.equal(labels.length, 80)
  t.match(rest, { name: 'nanodet-m-416', input: { width: 416, height: 416 }, geometry: 'letterbox', backbone: 'shufflenetv2 1.0x', neck: 'pan', strides: [8, 16, 32] })
})
