import type { ChosenLayer } from '../../models/choose-layers.ts'
import { compileModel } from '../../models/kinds/kinds.ts'
import type { DetectorModel } from '../../models/model.ts'
import { OUTPUT_NAME } from '../../models/tensor-names.ts'
import { explanationBody } from '../explain/body.ts'
import { minScore } from '../explain/explain.ts'
import { render } from '../features/render.ts'
import { inChunks } from '../chunks.ts'
import { predictAlike } from './predict-alike.ts'
import type { ExplainInput, ExplainOutput, InferInput, InferOutput, FeaturesInput, FeaturesOutput, WantedOutputs } from '../results.ts'
import { Session, type Output, type Picture } from '../session.ts'
import { Steps, stopwatch } from '../steps.ts'
import { pictureOf } from '../tensor-input.ts'

/** Number of cached sessions, one per set of layers: each is a separate network of about 20 MB. */
const MAX_SESSIONS = 4

/** Outputs of the networks for one picture. */
interface Run {
  /** By the layers' names. */
  readonly activations: Readonly<Record<string, Output>>
  readonly predictions: Output | undefined
  /** Milliseconds. */
  readonly inference: number
}

/**
 * Runs a model with layers as outputs. Every set of layers is compiled when first requested. An output can't be
 * fused with the next operator, which may change the last bits of later values. If it does, the boxes come from the network that
 * POST /detect runs, on the same pixels. So they are identical to the bit.
 */
export class Inspector {
  readonly #model: DetectorModel
  readonly #threads: number
  readonly #steps: Steps
  #detection?: Session
  /** By the names of their layers, the least recently used first. */
  readonly #sessions = new Map<string, Session>()
  /** Which of them predict like the detector. */
  readonly #isAlike = new WeakMap<Session, boolean>()

  constructor (model: DetectorModel, threads: number) {
    this.#model = model
    this.#threads = threads
    this.#steps = new Steps(model.config)
  }

  /** @throws ImageError if the image can't be decoded, FeaturesError where the layers do not fit the format */
  async inspect ({ layers: chosen, rendering, options, ...source }: FeaturesInput): Promise<FeaturesOutput> {
    const prepared = await this.#steps.preprocess(source)
    const { predictions, activations, inference } = await this.#run(prepared.picture, { layers: chosen, predictions: true })
    const clock = stopwatch()
    const objects = this.#steps.postprocess(predictions!.data, prepared, options)
    const postprocess = clock()
    const layers = chosen.map(info => ({ info, output: activations[info.name]! }))
    const body = await render({ config: this.#model.config, prepared, objects, layers }, rendering)
    const times = { ...prepared.times, inference, postprocess, render: clock() }
    return { image: prepared.image, objects, times, body: inChunks(body) }
  }

  /** @throws ImageError if the image can't be decoded, FeaturesError if the region lies outside the photo */
  async explain ({ layers, region, options, ...source }: ExplainInput): Promise<ExplainOutput> {
    const prepared = await this.#steps.preprocess(source)
    const { predictions, activations, inference } = await this.#run(prepared.picture, { layers: region ? layers : [], predictions: true })
    const clock = stopwatch()
    const { data } = predictions!
    const objects = this.#steps.postprocess(data, prepared, options)
    const postprocess = clock()
    const candidates = this.#steps.candidates(data, prepared, { ...options, scoreThreshold: minScore(options) })
    const pass = { config: this.#model.config, prepared, layout: this.#steps.layout, predictions: data, candidates, options }
    const place = region && { region, responses: layers.map(info => ({ info, output: activations[info.name]! })) }
    const body = explanationBody(pass, objects, place)
    return { image: prepared.image, objects, times: { ...prepared.times, inference, postprocess, render: clock() }, body: inChunks(body) }
  }

  /**
   * Raw tensors of a photo or of the network's own input. Only requested ones are computed.
   * @throws ImageError if the image can't be decoded, TensorError where the network can't take the tensor
   */
  async infer (input: InferInput): Promise<InferOutput> {
    if ('shape' in input) {
      const run = await this.#run(pictureOf(this.#model.config, input), input)
      return { objects: [], ...tensorsOf(run, input), times: { decode: 0, preprocess: 0, inference: run.inference, postprocess: 0 } }
    }
    const { options } = input
    const prepared = await this.#steps.preprocess(input)
    const run = await this.#run(prepared.picture, { layers: input.layers, predictions: input.predictions || options !== undefined })
    const clock = stopwatch()
    const objects = options ? this.#steps.postprocess(run.predictions!.data, prepared, options) : []
    const times = { ...prepared.times, inference: run.inference, postprocess: clock() }
    return { image: prepared.image, objects, ...tensorsOf(run, input), times }
  }

  async release (): Promise<void> {
    await Promise.all([this.#detection, ...this.#sessions.values()].map(session => session?.release()))
  }

  /** Compiles missing networks before the clock starts. */
  async #run (picture: Picture, { layers, predictions }: Pick<WantedOutputs, 'layers' | 'predictions'>): Promise<Run> {
    const looking = layers.length > 0 ? await this.#sessionFor(layers) : undefined
    const detecting = predictions ? await this.#detector() : undefined
    const isExact = looking && detecting && await this.#predictsAlike(looking, detecting, picture)
    const clock = stopwatch()
    const activations = await looking?.run(picture) ?? {}
    const predicted = isExact ? activations : await detecting?.run(picture)
    return { activations, predictions: predicted?.[OUTPUT_NAME], inference: clock() }
  }

  /** Whether a network with layers can do without the other. */
  async #predictsAlike (looking: Session, detecting: Session, picture: Picture): Promise<boolean> {
    const isAlike = this.#isAlike.get(looking) ?? await predictAlike(looking, detecting, picture)
    this.#isAlike.set(looking, isAlike)
    return isAlike
  }

  async #detector (): Promise<Session> {
    this.#detection ??= await this.#create([])
    return this.#detection
  }

  async #sessionFor (chosen: readonly ChosenLayer[]): Promise<Session> {
    const layers = [...new Set(chosen.map(({ name }) => name))].sort()
    const key = layers.join()
    const session = this.#sessions.get(key) ?? await this.#compile(layers)
    this.#sessions.delete(key)
    this.#sessions.set(key, session)
    return session
  }

  async #compile (layers: readonly string[]): Promise<Session> {
    if (this.#sessions.size >= MAX_SESSIONS) {
      const [oldest, session] = this.#sessions.entries().next().value!
      this.#sessions.delete(oldest)
      await session.release()
    }
    return this.#create(layers)
  }

  #create (layers: readonly string[]): Promise<Session> {
    return Session.create(compileModel(this.#model, layers), this.#threads)
  }
}

function tensorsOf ({ activations, predictions }: Run, wanted: WantedOutputs): Pick<InferOutput, 'tensors' | 'body'> {
  const outputs: Array<readonly [string, Output]> = wanted.layers.map(({ name, label }) => [label, activations[name]!])
  if (wanted.predictions) outputs.unshift([OUTPUT_NAME, predictions!])
  return {
    tensors: outputs.map(([name, { dims, data }]) => ({ name, dtype: 'float32', shape: dims, bytes: data.byteLength })),
    body: outputs.flatMap(([, { data }]) => inChunks(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)))
  }
}
