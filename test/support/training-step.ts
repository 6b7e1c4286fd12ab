/** Steps of plain gradient descent with a step graph, for tests of these graphs. */
import { Session, type Output } from '../../engine/session.ts'
import type { StateDict } from '../../models/checkpoints/state-dict.ts'
import { gradientName, type Feeds, type StepGraph } from '../../training/step-graph.ts'

/**
 * Runs a step graph several times on the same inputs, and moves the parameters against their gradient so far that the loss should fall by
 * `fall` each time.
 * @returns the outputs of each run
 */
export async function descend (
  { onnx, parameters }: StepGraph, initial: StateDict, feeds: Feeds, { steps, fall }: { steps: number, fall: number }
): Promise<Array<Readonly<Record<string, Output>>>> {
  const session = await Session.create(onnx, 1)
  const values = parameters.map(({ name, shape }) => ({ name, shape, data: initial.parameters.get(name)!.data.slice() }))
  const results = []
  for (let i = 0; i < steps; i++) {
    const fed = values.map(({ name, shape, data }) => [name, { type: 'float32', dims: shape, data }] as const)
    const outputs = await session.runFeeds({ ...feeds, ...Object.fromEntries(fed) })
    const gradients = values.map(({ name }) => outputs[gradientName(name)]!.data)
    const square = gradients.reduce((sum, gradient) => sum + gradient.reduce((part, value) => part + value * value, 0), 0)
    values.forEach(({ data }, k) => gradients[k]!.forEach((value, j) => { data[j]! -= fall * value / square }))
    results.push(outputs)
  }
  await session.release()
  return results
}
