import { fromBinary } from '@bufbuild/protobuf'
import { ModelProtoSchema } from 'onnx-buf'
import t from 'tap'
import { Session } from '../../../engine/session.ts'
import { parametersInTraining } from '../../../training/graph/auxiliary.ts'
import { exportStep } from '../../../training/graph/export-step.ts'
import { targetFeeds } from '../../../training/graph/target-feeds.ts'
import { gradientName } from '../../../training/step-graph.ts'
import { seededStateDict } from '../../support/seeded.ts'
import { configOf } from '../../support/training.ts'

const config = configOf('nanodet-m-0.5x', 64, 64, 2)
const initial = seededStateDict(parametersInTraining(config, false))

t.test('describes itself, and runs on what it describes', async t => {
  const onnx = exportStep(config, initial, 1)
  const metadata = Object.fromEntries(fromBinary(ModelProtoSchema, onnx).metadataProps.map(({ key, value }) => [key, value]))
  t.match(metadata, { form: 'train-step', batch: '1', assigner: 'atss', model: 'nanodet-m-0.5x', labels: '["class 0","class 1"]' })
  t.same(JSON.parse(metadata['losses']!), ['loss', 'loss_qfl', 'loss_bbox', 'loss_dfl'])
  const names: string[] = JSON.parse(metadata['parameters']!)
  t.ok(names.includes('backbone.conv1.0.weight') && !names.some(name => name.includes('running')))

  const session = await Session.create(onnx, 1)
  const fed = names.map(name => {
    const { shape, data } = initial.parameters.get(name)!
    return [name, { type: 'float32' as const, dims: shape, data }]
  })
  const found = await session.runFeeds({
    pixels: { type: 'uint8', dims: [1, 64, 64, 3], data: new Uint8Array(64 * 64 * 3) },
    ...targetFeeds(config)([[{ box: [4, 4, 60, 50], label: 1 }]], undefined),
    ...Object.fromEntries(fed)
  })
  await session.release()
  t.ok(found['loss']!.data[0]! > 0)
  t.ok(names.every(name => found[gradientName(name)]!.data.length === initial.parameters.get(name)!.data.length))
})
