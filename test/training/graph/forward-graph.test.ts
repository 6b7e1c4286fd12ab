import t from 'tap'
import { Session } from '../../../engine/session.ts'
import { compile } from '../../../models/network.ts'
import { OUTPUT_NAME } from '../../../models/tensor-names.ts'
import { weightsOf } from '../../../models/checkpoints/state-dict.ts'
import { parametersInTraining } from '../../../training/graph/auxiliary.ts'
import { assignmentGraph, forwardGraph } from '../../../training/graph/forward-graph.ts'
import { ASSIGNMENT_OUTPUTS } from '../../../training/graph/target-names.ts'
import type { ForwardGraph } from '../../../training/step-graph.ts'
import { maxDifference } from '../../support/run.ts'
import { seededStateDict } from '../../support/seeded.ts'
import { configOf } from '../../support/training.ts'

const PIXELS = { type: 'uint8' as const, dims: [2, 64, 64, 3], data: Uint8Array.from({ length: 2 * 64 * 64 * 3 }, (_, i) => i * i % 251) }

function optionsOf (name: string, more: { auxiliary?: boolean, batchStatistics?: boolean } = {}) {
  const config = configOf(name, 64, 64, 3)
  const initial = seededStateDict(parametersInTraining(config, more.auxiliary ?? false))
  const trained = [...initial.parameters.keys()].filter(name => /head\./.test(name) && !/\.running_/.test(name))
  return { config, initial, trained, microBatch: 2, batchStatistics: false, auxiliary: false, ...more }
}

async function runOn ({ onnx, parameters }: ForwardGraph, { initial }: ReturnType<typeof optionsOf>) {
  const session = await Session.create(onnx, 1)
  const fed = parameters.map(({ name, shape }) => [name, { type: 'float32' as const, dims: shape, data: initial.parameters.get(name)!.data }])
  const found = await session.runFeeds({ pixels: PIXELS, ...Object.fromEntries(fed) })
  await session.release()
  return found
}

t.test('validates with the served network\'s predictions, whatever is fed', async t => {
  for (const batchStatistics of [false, true]) {
    const options = optionsOf('nanodet-m-0.5x', { batchStatistics })
    const graph = forwardGraph(options)
    const served = await Session.create(compile(options.config, weightsOf(options.initial), { batch: 2 }), 1)
    const expected = await served.runFeeds({ pixels: PIXELS })
    await served.release()
    const found = await runOn(graph, options)
    t.same(found[OUTPUT_NAME]!.dims, [2, 84, 35])
    t.ok(maxDifference(found[OUTPUT_NAME]!.data, expected[OUTPUT_NAME]!.data) < 1e-4)
    t.equal(graph.parameters.some(({ name }) => name === 'backbone.conv1.1.running_mean'), batchStatistics)
    t.ok(graph.parameters.some(({ name }) => name === 'head.gfl_cls.0.weight'))
    t.ok(graph.peakBytes > 1e6)
  }
})

t.test('the auxiliary head assigns, and the head on its own is not computed then', async t => {
  const options = optionsOf('nanodet-plus-m-320', { auxiliary: true })
  const graph = assignmentGraph(options)
  t.ok(graph.parameters.every(({ name }) => name.startsWith('aux_head.')))
  const found = await runOn(graph, options)
  t.same(found[ASSIGNMENT_OUTPUTS.boxes]!.dims, [2, 4, 85])
  t.same(found[ASSIGNMENT_OUTPUTS.logits]!.dims, [2, 3, 85])
  t.same(found[ASSIGNMENT_OUTPUTS.costs]!.dims, [2, 1, 85])
})

t.test('without one, the head assigns', async t => {
  const options = optionsOf('nanodet-plus-m-320')
  t.ok(assignmentGraph(options).parameters.every(({ name }) => name.startsWith('head.')))
})
