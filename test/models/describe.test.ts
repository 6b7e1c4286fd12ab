import t from 'tap'
import { describeModel } from '../../models/describe.ts'
import { REGISTRY } from '../../models/registry.ts'

const described = (name: string) => describeModel({ kind: 'detector', config: REGISTRY.get(name)! })

t.test('a model in short', async t => {
  const { labels, ...rest } = described('nanodet-m-416')
  t.equal(labels.length, 80)
  t.match(rest, { name: 'nanodet-m-416', input: { width: 416, height: 416 }, geometry: 'letterbox', backbone: 'shufflenetv2 1.0x', neck: 'pan', strides: [8, 16, 32] })
})

t.test('a backbone that comes in sizes is told with its size', async t => {
  const backbones = ['nanodet-g', 'nanodet-efficientlite2-512', 'nanodet-repvgg-a0-416'].map(name => described(name).backbone)
  t.same(backbones, ['custom-csp-net', 'efficientnet-lite 2', 'repvgg A0'])
})
