import type { Feed } from '../../engine/session.ts'
import { Session } from '../../engine/session.ts'
import { fileProblem } from '../../models/file-problem.ts'
import { INPUT_NAME, OUTPUT_NAME } from '../../models/tensor-names.ts'
import { PhotoCache } from '../data/photo-cache.ts'
import { Layout, runningMean, runningVariance } from '../layout.ts'
import type { Example, Objective, Outputs, ReadPhoto } from '../objective.ts'
import { random } from '../random.ts'
import type { Found } from '../settings.ts'
import type { TrainingSpec } from '../spec.ts'
import { gradientName, type Feeds, type ForwardGraph, type StepGraph } from '../step-graph.ts'

/** The photos of one run of the step graph. */
export interface MicroBatch {
  readonly epoch: number
  /** Place of the first photo in the epoch's order. The random changes of a photo depend on its place. */
  readonly first: number
  /** Indices of examples. */
  readonly photos: readonly number[]
}

/** The losses of a micro-batch, and gradients and batch statistics in a run's layout. */
export interface StepOutcome { readonly losses: Readonly<Record<string, number>>, readonly values: Float32Array }

const newSession = async (onnx: Uint8Array): Promise<Session> => await Session.create(onnx, 1, { plansMemory: false })

/** Computes steps and predictions of a training run, on one thread. */
export class Trainer {
  readonly #objective: Objective
  readonly #spec: TrainingSpec
  readonly #layout: Layout
  readonly #step: Session
  readonly #assignment: Session | undefined
  #evaluation: Session | undefined
  readonly #photos: PhotoCache
  #parameters: Float32Array

  private constructor (spec: TrainingSpec, objective: Objective, cacheBytes: number, step: Session, assignment: Session | undefined) {
    this.#spec = spec
    this.#objective = objective
    this.#layout = new Layout(objective.step)
    this.#parameters = new Float32Array(this.#layout.size)
    this.#photos = new PhotoCache(cacheBytes)
    this.#step = step
    this.#assignment = assignment
  }

  /** @param cacheBytes limit of the pixels of decoded photos that it keeps */
  static async create (spec: TrainingSpec, objective: Objective, cacheBytes: number): Promise<Trainer> {
    const assignment = objective.assignment && await newSession(objective.assignment.onnx)
    return new Trainer(spec, objective, cacheBytes, await newSession(objective.step.onnx), assignment)
  }

  get graph (): StepGraph { return this.#objective.step }

  /** Takes the values of all that training changes, in the run's layout. */
  load (values: Float32Array): void { this.#parameters = values }

  /** @throws Error naming a photo that can't be read */
  async step ({ epoch, first, photos }: MicroBatch): Promise<StepOutcome> {
    const examples: Array<Example<unknown>> = []
    for (const [i, photo] of photos.entries()) {
      const next = random(this.#spec.seed, 'augment', epoch, first + i)
      examples.push(await this.#objective.example(photo, this.#read, next))
    }
    const pixels = this.#pixelsOf(examples)
    const predictions = this.#assignment && await this.#assignment.runFeeds({ ...pixels, ...this.#fed(this.#objective.assignment!) })
    const targets = this.#objective.feeds(examples.map(({ target }) => target), predictions)
    return this.#outcome(await this.#step.runFeeds({ ...pixels, ...this.#fed(this.graph), ...targets }))
  }

  /** What the network finds on validation photos. @throws Error naming a photo that can't be read */
  async predict (photos: readonly number[]): Promise<Found[]> {
    const { evaluation } = this.#objective
    this.#evaluation ??= await newSession(evaluation.onnx)
    const examples: Array<Example<unknown>> = []
    for (const photo of photos) examples.push(await this.#objective.shown(photo, this.#read))
    const outputs = await this.#evaluation.runFeeds({ ...this.#pixelsOf(examples), ...this.#fed(evaluation) })
    const { data } = outputs[OUTPUT_NAME]!
    const size = data.length / this.#spec.microBatch
    return examples.map(({ target }, i) => this.#objective.found(data.subarray(i * size, (i + 1) * size), target))
  }

  async release (): Promise<void> {
    for (const session of [this.#step, this.#assignment, this.#evaluation]) await session?.release()
  }

  readonly #read: ReadPhoto = async (path, decode) => {
    try {
      return await this.#photos.read(path, decode)
    } catch (cause) {
      throw new Error(`${path}: ${fileProblem(cause)}`, { cause })
    }
  }

  /** Pixels of all photos of a run; those that a group lacks are black. */
  #pixelsOf (examples: ReadonlyArray<Example<unknown>>): Feeds {
    const { config: { input: { width, height } }, microBatch } = this.#spec
    const data = new Uint8Array(microBatch * height * width * 3)
    examples.forEach(({ pixels }, i) => data.set(pixels, i * height * width * 3))
    return { [INPUT_NAME]: { type: 'uint8', dims: [microBatch, height, width, 3], data } }
  }

  #fed ({ parameters }: Pick<ForwardGraph, 'parameters'>): Feeds {
    const feed = (name: string, dims: readonly number[]): Feed => ({ type: 'float32', dims, data: this.#layout.view(this.#parameters, name) })
    return Object.fromEntries(parameters.map(({ name, shape }) => [name, feed(name, shape)]))
  }

  #outcome (outputs: Outputs): StepOutcome {
    const values = new Float32Array(this.#layout.size)
    const put = (name: string, output: string): void => this.#layout.view(values, name).set(outputs[output]!.data)
    for (const { name } of this.graph.parameters) put(name, gradientName(name))
    for (const { path } of this.graph.norms) {
      put(runningMean(path), `mean/${path}`)
      put(runningVariance(path), `variance/${path}`)
    }
    const losses = Object.fromEntries(this.graph.losses.map(name => [name, outputs[name]!.data[0]!]))
    return { losses, values }
  }
}
