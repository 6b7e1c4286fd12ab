/** Whole training steps compared with those of upstream's code: fixtures/training-networks.json. */
import { Session } from '../../engine/session.ts'
import { input } from '../../nn/tensor.ts'
import { parametersInTraining } from '../../training/graph/auxiliary.ts'
import { compileStep } from '../../training/graph/compile-step.ts'
import { detectorStep } from '../../training/graph/detector-graph.ts'
import { assignmentOver } from '../../training/graph/forward-graph.ts'
import { targetFeeds } from '../../training/graph/target-feeds.ts'
import { TARGETS } from '../../training/graph/target-names.ts'
import { gradientName, type Feeds } from '../../training/step-graph.ts'
import { largest, run } from './run.ts'
import { seededImage, seededStateDict } from './seeded.ts'
import { configOf, objectsOf, type Corners } from './training.ts'

/** Some values of a gradient, at flat indices. */
interface Gradient { l2: number, at: number[], values: number[] }

export interface NetworkCase {
  network: string
  variant: string
  scene: string
  loss: number
  parts: Record<string, number>
  positives?: number[]
  parameters?: Record<string, Gradient | null>
  withoutGradient?: string[]
  partGradients?: Record<string, Record<string, Omit<Gradient, 'at'> | null>>
}

export interface NetworkCases {
  size: number
  classes: number
  boxes: Record<string, Corners[]>
  labels: Record<string, number[]>
  cases: NetworkCase[]
}

/** A case's largest differences: of losses relative to max(1, loss), and of gradients relative to their rms, for `loss` and each part. */
export interface Differences { positives: number[], losses: number, gradients: Record<string, number> }

/**
 * Runs a case: weights seeded, norms in eval mode.
 * @param of what to differentiate: `loss` or parts
 */
export async function differences ({ size, classes, boxes, labels }: NetworkCases, example: NetworkCase, of: readonly string[]): Promise<Differences> {
  const auxiliary = example.variant.startsWith('aux')
  const config = configOf(example.network, size, size, classes)
  const initial = seededStateDict(parametersInTraining(config, auxiliary))
  const parameters = example.parameters ?? {}
  const trained = [...initial.parameters.keys()].filter(name => !/\.running_(mean|var)$/.test(name))
  const options = { config, initial, trained, batchStatistics: false, microBatch: 1, auxiliary, isAuxiliaryDetached: example.variant.endsWith('10') }
  const image = input('image', [1, 3, size, size])
  const step = detectorStep(options, image)
  const feeds: Feeds = {
    image: { type: 'float32', dims: [1, 3, size, size], data: seededImage(size) },
    ...Object.fromEntries(trained.map(name => [name, { type: 'float32' as const, dims: initial.parameters.get(name)!.shape, data: initial.parameters.get(name)!.data }]))
  }
  const objects = objectsOf({ boxes: boxes[example.scene]!, labels: labels[example.scene]! })
  const predictions = config.head.name === 'nanodet-plus-head' ? await run(assignmentOver(options, image).outputs, feeds as never) : undefined
  const targets = targetFeeds(config)([objects], predictions)
  const result: Differences = { positives: positivesOf(targets), losses: 0, gradients: {} }
  for (const part of of) {
    const found = await runStep({ ...step, losses: { ...step.losses, loss: step.losses[part]! } }, { ...feeds, ...targets })
    const losses = { ...example.parts, loss: part === 'loss' ? example.loss : example.parts[part]! }
    for (const [name, value] of Object.entries(losses)) {
      result.losses = Math.max(result.losses, Math.abs(found[name]!.data[0]! - value) / Math.max(1, value))
    }
    result.gradients[part] = Math.max(...Object.keys(parameters).map(name => {
      const expected = part === 'loss' ? parameters[name] : example.partGradients![part]![name]
      return differenceOf(found[gradientName(name)]!.data, expected && { ...expected, at: parameters[name]!.at })
    }))
  }
  return result
}

async function runStep (step: Parameters<typeof compileStep>[0], feeds: Feeds) {
  const session = await Session.create(compileStep(step).onnx, 1)
  const found = await session.runFeeds(feeds)
  await session.release()
  return found
}

const positivesOf = (targets: Feeds): number[] =>
  [...targets[TARGETS.positive]!.data].flatMap((value, i) => value === 1 ? [i] : [])

/** Of the stated values and sums, relative to the rms; a gradient of none must be 0. */
function differenceOf (found: Float32Array, expected: Gradient | null | undefined): number {
  if (!expected || expected.l2 === 0) return largest(found)
  const rms = expected.l2 / Math.sqrt(found.length)
  const l2 = Math.sqrt(found.reduce((sum, value) => sum + value ** 2, 0))
  const ofValues = expected.at.map((at, i) => Math.abs(found[at]! - expected.values[i]!) / Math.max(rms, Math.abs(expected.values[i]!)))
  return Math.max(Math.abs(l2 - expected.l2) / expected.l2, ...ofValues)
}
