/** Whole training steps compared with those of upstream's code: fixtures/training-networks.json. */
import { Session } from '../../engine/session.ts'
import { toOnnx } from '../../nn/onnx/to-onnx.ts'
import { add, mul } from '../../nn/ops.ts'
import { input, type Tensor } from '../../nn/tensor.ts'
import { parametersInTraining } from '../../training/graph/auxiliary.ts'
import { compileStep } from '../../training/graph/compile-step.ts'
import { detectorStep } from '../../training/graph/detector-graph.ts'
import { assignmentOver } from '../../training/graph/forward-graph.ts'
import { isAssignedByPredictions } from '../../training/graph/generation.ts'
import { targetFeeds, type TargetFeeds } from '../../training/graph/target-feeds.ts'
import { TARGETS } from '../../training/graph/target-names.ts'
import { gradientName, type Feeds } from '../../training/step-graph.ts'
import { largest } from './run.ts'
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
  partGradients?: Record<string, Record<string, Omit<Gradient, 'at'> | null>>
}

export interface NetworkCases {
  size: number
  classes: number
  boxes: Record<string, Corners[]>
  labels: Record<string, number[]>
  cases: NetworkCase[]
}

/** A case's largest differences: of losses relative to max(1, loss), and of gradients relative to their rms, of `loss` and each part. */
export interface Differences { positives: number[], losses: number, gradients: Record<string, number> }

/** A network of the cases: weights seeded, all of them trained, norms in eval mode. */
export class UpstreamStep {
  readonly #step: Session
  readonly #assignment: Session | undefined
  readonly #targets: TargetFeeds
  /** The image and the parameters. */
  readonly #feeds: Feeds

  private constructor (step: Session, assignment: Session | undefined, targets: TargetFeeds, feeds: Feeds) {
    this.#step = step
    this.#assignment = assignment
    this.#targets = targets
    this.#feeds = feeds
  }

  /** @param trains whether there are gradients, which take time to compile */
  static async create (
    { size, classes }: NetworkCases, { network, variant, parts }: NetworkCase, { trains = true } = {}
  ): Promise<UpstreamStep> {
    const auxiliary = variant.startsWith('aux')
    const config = configOf(network, size, size, classes)
    const initial = seededStateDict(parametersInTraining(config, auxiliary))
    const trained = [...initial.parameters].filter(([name]) => trains && !/\.running_(mean|var)$/.test(name))
    const isAuxiliaryDetached = variant.endsWith('10')
    const names = trained.map(([name]) => name)
    const options = { config, initial, trained: names, batchStatistics: false, microBatch: 1, auxiliary, isAuxiliaryDetached }
    const image = input('image', [1, 3, size, size])
    const step = detectorStep(options, image)
    const { onnx } = compileStep({ ...step, losses: { ...step.losses, loss: weighted(step.losses, Object.keys(parts)) } })
    const assignment = isAssignedByPredictions(config) && assignmentOver(options, image).outputs
    const feedOf = (dims: readonly number[], data: Float32Array) => ({ type: 'float32' as const, dims, data })
    const parameters = trained.map(([name, { shape, data }]) => [name, feedOf(shape, data)] as const)
    const feeds = { image: feedOf([1, 3, size, size], seededImage(size)), ...Object.fromEntries(parameters) }
    const assigner = assignment ? await Session.create(toOnnx({ outputs: new Map(Object.entries(assignment)) }), 1) : undefined
    return new UpstreamStep(await Session.create(onnx, 1), assigner, targetFeeds(config), feeds)
  }

  /** @param of what to differentiate: `loss` or parts */
  async differences ({ boxes, labels }: NetworkCases, example: NetworkCase, of: readonly string[]): Promise<Differences> {
    const objects = objectsOf({ boxes: boxes[example.scene]!, labels: labels[example.scene]! })
    const targets = this.#targets([objects], await this.#assignment?.runFeeds(this.#feeds))
    const result: Differences = { positives: positivesOf(targets), losses: 0, gradients: {} }
    for (const part of of) {
      const shares = Object.keys(example.parts).map(name => [shareName(name), scalarFeed(Number(part === 'loss' || part === name))])
      const found = await this.#step.runFeeds({ ...this.#feeds, ...targets, ...Object.fromEntries(shares) })
      const losses = { ...example.parts, loss: part === 'loss' ? example.loss : example.parts[part]! }
      const differences = Object.entries(losses).map(([name, value]) => Math.abs(found[name]!.data[0]! - value) / Math.max(1, value))
      result.losses = Math.max(result.losses, ...differences)
      result.gradients[part] = largestOf(example, part, name => found[gradientName(name)]!.data)
    }
    return result
  }

  async release (): Promise<void> {
    await this.#step.release()
    await this.#assignment?.release()
  }
}

const shareName = (part: string): string => `share/${part}`
const scalarFeed = (value: number) => ({ type: 'float32' as const, dims: [], data: Float32Array.of(value) })

/** The sum of the parts, each times its input. */
const weighted = (losses: Readonly<Record<string, Tensor>>, parts: readonly string[]): Tensor =>
  parts.map(part => mul(losses[part]!, input(shareName(part), []))).reduce(add)

const positivesOf = (targets: Feeds): number[] =>
  [...targets[TARGETS.positive]!.data].flatMap((value, i) => value === 1 ? [i] : [])

function largestOf ({ parameters = {}, partGradients }: NetworkCase, part: string, found: (name: string) => Float32Array): number {
  return Math.max(0, ...Object.keys(parameters).map(name => {
    const expected = part === 'loss' ? parameters[name] : partGradients![part]![name]
    return differenceOf(found(name), expected && { ...expected, at: parameters[name]!.at })
  }))
}

/** Of the stated values and the norm, relative to the rms; a gradient of none must be 0. */
function differenceOf (found: Float32Array, expected: Gradient | null | undefined): number {
  if (!expected || expected.l2 === 0) return largest(found)
  const rms = expected.l2 / Math.sqrt(found.length)
  const l2 = Math.sqrt(found.reduce((sum, value) => sum + value ** 2, 0))
  const ofValues = expected.at.map((at, i) => Math.abs(found[at]! - expected.values[i]!) / Math.max(rms, Math.abs(expected.values[i]!)))
  return Math.max(Math.abs(l2 - expected.l2) / expected.l2, ...ofValues)
}
