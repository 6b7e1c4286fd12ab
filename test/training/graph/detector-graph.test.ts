import t from 'tap'
import { Session } from '../../../engine/session.ts'
import { configOf } from '../../support/training.ts'
import { fixture } from '../../support/files.ts'
import { seededStateDict } from '../../support/seeded.ts'
import { UpstreamStep, type NetworkCases } from '../../support/training-steps.ts'
import { detectorGraph } from '../../../training/graph/detector-graph.ts'
import { parametersInTraining } from '../../../training/graph/auxiliary.ts'
import { targetFeeds } from '../../../training/graph/target-feeds.ts'
import { gradientName } from '../../../training/step-graph.ts'

const cases: NetworkCases = fixture('training-networks.json')
const [plain, auxiliary] = cases.cases as [NetworkCases['cases'][0], NetworkCases['cases'][0]]

t.test('a step of nanodet-m equals upstream\'s, and so do the gradients of each part of its loss', async t => {
  const step = await UpstreamStep.create(cases, plain)
  const { positives, losses, gradients } = await step.differences(cases, plain, ['loss', ...Object.keys(plain.parts)])
  await step.release()
  t.same(positives, plain.positives)
  t.ok(losses < 1e-5)
  for (const [part, difference] of Object.entries(gradients)) t.ok(difference < 2e-3, part)
})

t.test('with NanoDet-Plus\'s auxiliary head, which assigns the targets, too', async t => {
  const step = await UpstreamStep.create(cases, auxiliary, { trains: false })
  const { positives, losses } = await step.differences(cases, auxiliary, ['loss'])
  await step.release()
  t.same(positives, auxiliary.positives)
  t.ok(losses < 1e-5)
})

t.test('on pixels, with some parameters trained, and norms that use their batch\'s statistics', async t => {
  const config = configOf('nanodet-m-0.5x', 64, 64, 3)
  const initial = seededStateDict(parametersInTraining(config, false))
  const trained = ['head.gfl_cls.0.bias', 'head.cls_convs.0.0.pwnorm.weight']
  const { onnx, parameters, norms, losses, peakBytes } =
    detectorGraph({ config, initial, trained, batchStatistics: true, microBatch: 2, auxiliary: false })
  t.same(parameters, [{ name: trained[1], shape: [96] }, { name: trained[0], shape: [35] }])
  t.same(losses, ['loss', 'loss_qfl', 'loss_bbox', 'loss_dfl'])
  t.same(norms.find(({ path }) => path === 'head.cls_convs.0.0.pwnorm'), { path: 'head.cls_convs.0.0.pwnorm', channels: 96, count: 128 })
  t.ok(peakBytes > 1e6)

  const session = await Session.create(onnx, 1)
  const found = await session.runFeeds({
    pixels: { type: 'uint8', dims: [2, 64, 64, 3], data: Uint8Array.from({ length: 2 * 64 * 64 * 3 }, (_, i) => i % 251) },
    ...Object.fromEntries(parameters.map(({ name, shape }) =>
      [name, { type: 'float32' as const, dims: shape, data: initial.parameters.get(name)!.data }])),
    ...targetFeeds(config)([[{ box: [4, 4, 60, 50], label: 2 }], []], undefined)
  })
  await session.release()
  t.same(found[gradientName(trained[0]!)]!.dims, [35])
  t.ok(found[gradientName(trained[0]!)]!.data.some(value => value !== 0))
  t.same(found['variance/backbone.conv1.1']!.dims, [24])
  const sum = ['loss_qfl', 'loss_bbox', 'loss_dfl'].reduce((sum, name) => sum + found[name]!.data[0]!, 0)
  t.ok(Math.abs(found['loss']!.data[0]! / sum - 1) < 1e-6)
})
