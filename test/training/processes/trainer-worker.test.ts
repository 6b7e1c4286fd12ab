import { fileURLToPath } from 'node:url'
import t from 'tap'
import { joined } from '../../../engine/chunks.ts'
import { ProcessHandle } from '../../../engine/processes/process-handle.ts'
import { Layout } from '../../../training/layout.ts'
import { objectiveOf } from '../../../training/objectives/of-spec.ts'
import { bytesOf } from '../../../training/processes/float-bytes.ts'
import { Trainer } from '../../../training/processes/trainer.ts'
import type { TrainerCalls } from '../../../training/processes/trainer-worker.ts'
import { initialValues } from '../../../training/run-arrays.ts'
import { drawSquares, tinySpec } from '../../support/tiny-training.ts'

const PATH = fileURLToPath(new URL('../../../training/processes/trainer-worker.js', import.meta.url))

t.test('a worker process computes what the trainer computes here', async t => {
  const spec = tinySpec(await drawSquares(t.testdir(), 3), 2)
  const worker = new ProcessHandle<TrainerCalls>({ path: PATH, niceness: 0 }, () => {})
  t.teardown(() => worker.close())
  const { onnx, ...plan } = objectiveOf(spec).step
  t.same(await worker.call('prepare', { spec, cacheBytes: 1e6 }), plan)

  const trainer = await Trainer.create(spec, objectiveOf(spec), 1e6)
  t.teardown(() => trainer.release())
  const values = initialValues(new Layout(plan), spec.initial)
  trainer.load(values)
  await worker.call('load', null, { body: [bytesOf(values)] })
  const microBatch = { epoch: 0, first: 0, photos: [1, 0] }
  const { losses, body } = await worker.call('step', microBatch)
  const expected = await trainer.step(microBatch)
  t.same(losses, expected.losses)
  t.equal(Buffer.compare(joined(body), bytesOf(expected.values)), 0)
  t.same((await worker.call('predict', [0])).found, await trainer.predict([0]))
})
