import { scoreOf, valuesOf, type Candidate, type PredictionLayout } from '../../head/decode/candidates.ts'
import { compileCam } from '../../models/kinds/kinds.ts'
import type { ChosenLayer } from '../../models/choose-layers.ts'
import type { DetectorModel } from '../../models/model.ts'
import { INPUT_NAME, SEED_NAME } from '../../models/tensor-names.ts'
import { NoGradientsError } from '../errors.ts'
import { isMap } from '../features/array.ts'
import { Session, type Output, type Picture } from '../session.ts'
import { SessionCache } from '../session-cache.ts'
import { stopwatch } from '../steps.ts'

/** Number of cached networks: each takes about 20 MB, and 80 MB while it runs. */
const MAX_SESSIONS = 2
/** A probability's derivative is never less: near 0 and 1, the gradient would be out of range. */
const MIN_SLOPE = 1e-6

/** Maps `[1, 1, H, W]` by the layers' names. */
export type Cams = Readonly<Record<string, Output>>

/** LayerCAM's maps of a model's layers: which of their cells raise the score of a candidate. Networks are compiled when first needed. */
export class LayerCams {
  readonly #model: DetectorModel
  readonly #threads: number
  readonly #sessions = new SessionCache(MAX_SESSIONS)

  constructor (model: DetectorModel, threads: number) {
    this.#model = model
    this.#threads = threads
  }

  /**
   * The maps of those layers that are feature maps, and the milliseconds that the network took. The gradient is that of the class's logit,
   * before the sigmoid, in the candidate's cell, by the network in fp32.
   * @throws NoGradientsError if an operator after a layer can't be differentiated
   */
  async of (
    picture: Picture, layers: readonly ChosenLayer[], candidate: Candidate, layout: PredictionLayout, predictions: Float32Array
  ): Promise<{ cams: Cams, ms: number }> {
    const names = [...new Set(layers.filter(({ shape }) => isMap(shape)).map(({ name }) => name))].sort()
    if (names.length === 0) return { cams: {}, ms: 0 }
    const { width, height, pixels } = picture
    const session = await this.#sessions.get([`${width}×${height}`, ...names].join(), () => this.#create(names, picture))
    const clock = stopwatch()
    const cams = await session.runFeeds({
      [INPUT_NAME]: { type: 'uint8', dims: [1, height, width, 3], data: pixels },
      [SEED_NAME]: seedOf(candidate, layout, predictions)
    })
    return { cams, ms: clock() }
  }

  async release (): Promise<void> { await this.#sessions.release() }

  async #create (layers: readonly string[], { width, height }: Picture): Promise<Session> {
    try {
      return await Session.create(compileCam(this.#model, layers, { width, height }), this.#threads)
    } catch (cause) {
      throw new NoGradientsError(`layercam: ${this.#model.config.name} can't be differentiated: ${(cause as Error).message}`, { cause })
    }
  }
}

/** The gradient of the candidate's logit by the predictions: 1 in its place, or the slope of the logit where they are probabilities. */
function seedOf ({ point, classId }: Candidate, layout: PredictionLayout, predictions: Float32Array) {
  const values = valuesOf(layout)
  const place = point * values + classId
  const data = new Float32Array(predictions.length)
  const score = scoreOf(layout)(predictions[place]!)
  data[place] = layout.scores === 'probabilities' ? 1 / Math.max(score * (1 - score), MIN_SLOPE) : 1
  return { type: 'float32', dims: [1, predictions.length / values, values], data } as const
}
