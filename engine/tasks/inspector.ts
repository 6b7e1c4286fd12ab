import { compileModel } from '../../models/kinds/kinds.ts'
import type { DetectorModel } from '../../models/model.ts'
import { OUTPUT_NAME } from '../../models/tensor-names.ts'
import { render } from '../features/render.ts'
import { inChunks } from '../processes/protocol.ts'
import type { InspectInput, InspectOutput } from '../results.ts'
import { Session, type Picture } from '../session.ts'
import { Steps, stopwatch } from './steps.ts'

/** Sets of layers whose sessions are kept: each is a network by itself, of some 20 MB. */
const MAX_SESSIONS = 4

/**
 * Looks into a model: runs it with layers as outputs. Every set of layers is compiled when it is first asked for. An output can't be
 * fused with what comes after it, which changes the last bits of what follows. So the boxes come from the network that POST /detect runs,
 * on the same pixels: they are the same to the bit.
 */
export class Inspector {
  readonly #model: DetectorModel
  readonly #threads: number
  readonly #steps: Steps
  #detection?: Session
  /** By the names of their layers; the least recently used first. */
  readonly #sessions = new Map<string, Session>()

  constructor (model: DetectorModel, threads: number) {
    this.#model = model
    this.#threads = threads
    this.#steps = new Steps(model.config)
  }

  /** @throws ImageError when the image can't be decoded, FeaturesError where the layers do not fit the format */
  async inspect ({ layers: chosen, rendering, options, ...source }: InspectInput): Promise<InspectOutput> {
    const prepared = await this.#steps.preprocess(source)
    const session = await this.#sessionFor([...new Set(chosen.map(({ name }) => name))].sort())
    const clock = stopwatch()
    const outputs = await session.run(prepared.picture)
    const inference = clock()
    const objects = this.#steps.postprocess(await this.#predict(prepared.picture), prepared, options)
    const postprocess = clock()
    const layers = chosen.map(info => ({ info, output: outputs[info.name]! }))
    const body = await render({ config: this.#model.config, prepared, objects, layers }, rendering)
    const times = { ...prepared.times, inference, postprocess, render: clock() }
    return { image: prepared.image, objects, times, body: inChunks(body) }
  }

  async release (): Promise<void> {
    await Promise.all([this.#detection, ...this.#sessions.values()].map(session => session?.release()))
  }

  async #predict (picture: Picture): Promise<Float32Array> {
    this.#detection ??= await this.#create([])
    return (await this.#detection.run(picture))[OUTPUT_NAME]!.data
  }

  async #sessionFor (layers: readonly string[]): Promise<Session> {
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
