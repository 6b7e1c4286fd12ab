/** Gradients of whole networks, with respect to all trained parameters. */
import t from 'tap'
import { buildClassifierLayer, type BackboneConfig, type ClassifierBackboneConfig, type HeadConfig, type NeckConfig } from '../models/architectures.ts'
import type { ModelConfig } from '../models/config.ts'
import { buildNetwork } from '../models/network.ts'
import { REGISTRY } from '../models/registry.ts'
import * as op from '../nn/ops.ts'
import { input } from '../nn/tensor.ts'
import { checkGradients } from './support/gradient-check.ts'
import { checkNetwork, gradientsOf, SIZE, trainedDetector, trainedLayer } from './support/network-gradients.ts'
import { seededWeights } from './support/seeded.ts'

t.setTimeout(300_000)

for (const [name, config] of REGISTRY) {
  t.test(`every parameter of ${name} has a gradient`, async t => {
    const network = trainedDetector(config)
    for (const [name, { shape, source }] of gradientsOf(network)) {
      t.same(shape, network.params.get(name)!.shape, name)
      t.equal(source.kind, 'node', 'not zero')
    }
  })
}

type Acts = Required<NonNullable<ModelConfig['acts']>>
type Gfl = Extract<HeadConfig, { name: 'gfl-head' }>
type NanoDet = Extract<HeadConfig, { name: 'nanodet-head' }>

const pan: NeckConfig = { name: 'pan', outChannels: 32 }
const fpn: NeckConfig = { name: 'fpn', outChannels: 32 }
const tan: NeckConfig = { name: 'tan', outChannels: 32, heads: 4, encoders: 1, mlpRatio: 2 }
const ghostPan: NeckConfig = { name: 'ghost-pan', outChannels: 32, kernel: 5, extraLevels: 1 }
const tower = { featChannels: 32, stackedConvs: 1, regMax: 3, strides: [8, 16, 32], offset: 0.5 }
const gfl = (norm: Gfl['norm']): HeadConfig => ({ ...tower, name: 'gfl-head', norm })
const nanodet = (convModule: NanoDet['convModule'], shareClsReg: boolean): HeadConfig =>
  ({ ...tower, name: 'nanodet-head', convModule, shareClsReg })
const plus: HeadConfig = { ...tower, name: 'nanodet-plus-head', convModule: 'depthwise', shareClsReg: true, strides: [8, 16, 32, 64], offset: 0 }

/** What the registry's models lack: other backbones, necks, heads and activations. */
const DETECTORS: ReadonlyArray<readonly [BackboneConfig, NeckConfig, HeadConfig, Acts]> = [
  [{ name: 'ghostnet', width: 0.25, outStages: [4, 6, 9] }, fpn, gfl('group'), { backbone: 'ReLU', neck: 'null', head: 'null' }],
  [{ name: 'mobilenetv1', width: 0.25, outStages: [2, 3, 4] }, pan, nanodet('dense', false), { backbone: 'ReLU6', neck: 'null', head: 'SiLU' }],
  [{ name: 'mobilenetv2', width: 0.25, outStages: [2, 4, 6] }, tan, gfl('batch'), { backbone: 'SELU', neck: 'GELU', head: 'null' }],
  [
    { name: 'mobilenetv2-nanodet', width: 0.25, lastChannels: 320, outStages: [2, 4, 6] }, ghostPan, plus,
    { backbone: 'ReLU', neck: 'ELU', head: 'HardSwish' }
  ],
  [
    { name: 'shufflenetv1', width: '0.5x', groups: 3, shuffle: 'after-depthwise', shuffleOrder: 'authors', outStages: [2, 3, 4] }, pan,
    nanodet('depthwise', true), { backbone: 'LeakyReLU', neck: 'null', head: 'PReLU' }
  ]
]

for (const [backbone, neck, head, acts] of DETECTORS) {
  t.test(`a detector of ${backbone.name}, ${neck.name} and ${head.name}`, async t => {
    const accuracy = await checkNetwork(t, trainedDetector({ ...REGISTRY.get('nanodet-m')!, backbone, neck, head, acts }))
    t.comment(backbone.name, accuracy)
  })
}

/** Classifiers, and their parameters without a gradient: shifts that the norm after the next convolution takes away. */
const CLASSIFIERS: ReadonlyArray<readonly [ClassifierBackboneConfig, zeros: RegExp]> = [
  [
    { name: 'ghostnet', width: 0.25 },
    /^blocks\.([15]\.0\.bn_dw|\d\.\d\.shortcut\.1|7\.0\.shortcut\.3|[78]\.\d\.ghost2\.cheap_operation\.1)\.bias$/
  ],
  [{ name: 'mobilenetv1', width: 0.25 }, /^$/],
  [{ name: 'mobilenetv2', width: 0.25 }, /^features\.\d+\.conv\.[23]\.bias$/],
  [{ name: 'shufflenetv1', width: '0.5x', groups: 3, shuffle: 'after-depthwise', shuffleOrder: 'authors' }, /\.branch_main_1\.4\.bias$/],
  [{ name: 'shufflenetv2', width: '0.5x' }, /\.branch(1\.1|2\.4)\.bias$/]
]

for (const [backbone, zeros] of CLASSIFIERS) {
  t.test(`a ${backbone.name} classifier with the norms of its batch`, async t => {
    const options = { batch: 2, size: 64, batchStatistics: true, zeros }
    const accuracy = await checkNetwork(t, trainedLayer(buildClassifierLayer(backbone, 3), options), options)
    t.comment(backbone.name, accuracy)
  })
}

t.test('inner tensors, one below another, for the score of one point', async t => {
  const { predictions, aliases, owners } = buildNetwork(REGISTRY.get('nanodet-m-0.5x')!, seededWeights, input('image', [1, 3, SIZE, SIZE]))
  const score = op.slice(op.slice(predictions, 0, 1, 2), 3, 4, 1)
  const inner = Object.fromEntries(['stem', 'stage2', 'stage3', 'stage4', 'p3'].map(name => [name, aliases.get(name)!]))
  await checkGradients(t, [score], inner, { owners })
})
