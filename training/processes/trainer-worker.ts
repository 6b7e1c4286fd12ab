/** The program of a training run's worker process: one thread that computes steps and predictions. */
import { joined } from '../../engine/chunks.ts'
import { answerParent } from '../../engine/processes/child.ts'
import type { Chunks } from '../../engine/results.ts'
import { objectiveOf } from '../objectives/of-spec.ts'
import type { Found } from '../settings.ts'
import type { TrainingSpec } from '../spec.ts'
import type { StepGraph } from '../step-graph.ts'
import { bytesOf, floatsOf } from './float-bytes.ts'
import { Trainer, type MicroBatch, type StepOutcome } from './trainer.ts'

/** A step graph, without the graph. */
export type Plan = Omit<StepGraph, 'onnx'>

let trainer: Trainer | undefined

const calls = {
  /** Compiles the graphs of a run. */
  async prepare ({ spec, cacheBytes }: { spec: TrainingSpec, cacheBytes: number }): Promise<Plan> {
    trainer = await Trainer.create(spec, objectiveOf(spec), cacheBytes)
    const { onnx, ...plan } = trainer.graph
    return plan
  },

  /** Takes the parameters for the calls that follow: the body. */
  async load (_args: null, body: Chunks): Promise<null> {
    trainer!.load(floatsOf(joined(body)))
    return null
  },

  /** The body of the result has gradients and batch statistics. */
  async step (microBatch: MicroBatch): Promise<Pick<StepOutcome, 'losses'> & { body: Chunks }> {
    const { losses, values } = await trainer!.step(microBatch)
    return { losses, body: [bytesOf(values)] }
  },

  async predict (photos: readonly number[]): Promise<{ found: Found[] }> { return { found: await trainer!.predict(photos) } }
}

export type TrainerCalls = typeof calls

answerParent(calls)
