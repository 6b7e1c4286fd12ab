import t from 'tap'
import type { ClassifierConfig } from '../../../models/config.ts'
import { backboneScheme } from '../../../training/initialize/backbones.ts'
import { drawn } from '../../../training/initialize/scheme.ts'
import { deviationOf, valuesOf } from '../../support/initial.ts'

type Backbone = Parameters<typeof backboneScheme>[0]

/** The deviation of one parameter of a backbone, drawn by itself. */
function deviation (backbone: Backbone, name: string, shape: number[]): number {
  return deviationOf(valuesOf(drawn(new Map([[name, shape]]), () => backboneScheme(backbone), 3), name))
}

const CASES: ReadonlyArray<readonly [Backbone, name: string, shape: number[], deviation: number]> = [
  [{ name: 'shufflenetv1', width: '0.5x', groups: 3, shuffle: 'after-depthwise', shuffleOrder: 'authors' }, 'first_conv.0.weight', [24, 3, 3, 3], 0.01],
  [{ name: 'shufflenetv1', width: '0.5x', groups: 3, shuffle: 'after-depthwise', shuffleOrder: 'authors' }, 'features.0.branch_main_2.0.weight', [108, 10, 1, 1], 0.1],
  [{ name: 'shufflenetv2', width: '0.5x' }, 'conv1.0.weight', [24, 3, 3, 3], 0.01],
  [{ name: 'shufflenetv2', width: '0.5x', outStages: [2, 3, 4] }, 'backbone.conv1.0.weight', [24, 3, 3, 3], 1 / 3],
  [{ name: 'shufflenetv2', width: '0.5x' }, 'stage2.0.branch1.0.weight', [48, 1, 3, 3], 1],
  [{ name: 'shufflenetv2', width: '0.5x' }, 'fc.weight', [10, 1024], 0.01],
  [{ name: 'ghostnet', width: 1 }, 'conv_stem.weight', [16, 3, 3, 3], 0.01],
  [{ name: 'ghostnet', width: 1 }, 'conv_head.weight', [128, 960, 1, 1], 1 / 960],
  [{ name: 'mobilenetv1', width: 1 }, 'blocks.0.0.conv_dw.weight', [64, 1, 3, 3], Math.sqrt(2 / 9)],
  [{ name: 'mobilenetv1', width: 1 }, 'classifier.weight', [100, 64], 1 / Math.sqrt(300)],
  [{ name: 'mobilenetv2', width: 1 }, 'features.1.conv.1.weight', [16, 32, 1, 1], Math.sqrt(2 / 16)],
  [{ name: 'mobilenetv2', width: 1 }, 'classifier.1.weight', [10, 1280], 0.01],
  [{ name: 'mobilenetv2-nanodet', width: 1, lastChannels: 1280, outStages: [2, 4, 6] }, 'stage1.0.conv.0.0.weight', [96, 16, 1, 1], 1 / Math.sqrt(48)],
  [{ name: 'efficientnet-lite', variant: 0, outStages: [2, 4, 6] }, 'stem.0.weight', [32, 3, 3, 3], Math.sqrt(2 / 288)],
  [{ name: 'custom-csp-net', outStages: [3, 4, 5] }, 'stages.0.conv.weight', [32, 3, 3, 3], Math.sqrt(2 / 288)]
]

for (const [backbone, name, shape, expected] of CASES) {
  t.test(`${backbone.name}: the deviation of ${name}`, async t => {
    t.ok(Math.abs(deviation(backbone, name, shape) / expected - 1) < 0.12, String(deviation(backbone, name, shape)))
  })
}

t.test('ShuffleNets and GhostNet begin with small biases of norms, the others with none', async t => {
  const configs: Array<ClassifierConfig['backbone']> = [{ name: 'shufflenetv2', width: '0.5x' }, { name: 'ghostnet', width: 1 }, { name: 'mobilenetv1', width: 1 }]
  t.same(configs.map(config => backboneScheme(config).normBias), [1e-4, 1e-4, undefined])
})

t.test('a block of RepVGG is the sum of its branches: the identity is in the center of a channel\'s own kernel', async t => {
  const repVgg: Backbone = { name: 'repvgg', variant: 'A0', outStages: [2, 3, 4] }
  const kernels = (name: string): number[][] => {
    const values = valuesOf(drawn(new Map([[name, [48, 48, 3, 3]]]), () => backboneScheme(repVgg), 1), name)
    return Array.from({ length: 48 * 48 }, (_, i) => [...values.subarray(i * 9, i * 9 + 9)])
  }
  const centers = (name: string) => kernels(name).map(kernel => kernel[4]!)
  const isOwn = (_: number, i: number): boolean => i % 49 === 0
  t.ok(centers('stage1.1.rbr_reparam.weight').filter(isOwn).every(value => value > 0.5))
  t.ok(centers('stage1.1.rbr_reparam.weight').filter((_, i) => i % 49 !== 0).every(value => value < 0.5))
  t.ok(centers('stage1.0.rbr_reparam.weight').every(value => value < 0.5), 'the first block halves the resolution')
  t.ok(Math.abs(deviationOf(kernels('stage1.1.rbr_reparam.weight').map(kernel => kernel[0]!)) * Math.sqrt(3 * 432) - 1) < 0.05)
})
