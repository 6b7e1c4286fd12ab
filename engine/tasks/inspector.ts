import type { DecodeOptions } from '../../head/decode/decode.ts'
import { precisionsOf } from '../../models/artifact.ts'
import type { Precision } from '../../models/calibration-table.ts'
import type { ChosenLayer } from '../../models/choose-layers.ts'
import { compileModel } from '../../models/kinds/kinds.ts'
import type { DetectorModel } from '../../models/model.ts'
import { OUTPUT_NAME } from '../../models/tensor-names.ts'
import { NetworkError } from '../../nn/errors.ts'
import { FeaturesError } from '../errors.ts'
import { explainCam } from '../cam/explain-cam.ts'
import { LayerCams } from '../cam/layer-cams.ts'
import { findTarget } from '../cam/target.ts'
import { explanationBody } from '../explain/body.ts'
import { minScore } from '../explain/explain.ts'
import { render } from '../features/render.ts'
import { inChunks } from '../chunks.ts'
import { predictAlike } from './predict-alike.ts'
import {
  CAM_FORMATS, type CamTarget, type ExplainInput, type ExplainOutput, type InferInput, type InferOutput, type FeaturesInput,
  type FeaturesOutput, type Rendering, type WantedOutputs
} from '../results.ts'
import { Session, type Output, type Picture } from '../session.ts'
import { SessionCache } from '../session-cache.ts'
import { Steps, stopwatch, type Prepared } from '../steps.ts'
import { pictureOf } from '../tensor-input.ts'

/** Number of cached sessions, one per set of layers and precision: each is a separate network of about 20 MB. */
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
  readonly #layerCams: LayerCams
  /** The networks without layers, by precision. */
  readonly #detectors = new Map<Precision, Session>()
  /** By precision and the names of their layers. */
  readonly #sessions = new SessionCache(MAX_SESSIONS)
  /** Which of them predict like the detector, by the size of the network's input. */
  readonly #isAlike = new WeakMap<Session, Map<string, boolean>>()

  constructor (model: DetectorModel, threads: number) {
    this.#model = model
    this.#threads = threads
    this.#steps = new Steps(model.config)
    this.#layerCams = new LayerCams(model, threads)
  }

  /**
   * @throws ImageError if the image can't be decoded,
   * FeaturesError where the layers do not fit the format, or the model can't run in the precision;
   * NotDetectedError, NoGradientsError where LayerCAM has no target or no gradients
   */
  async inspect ({ layers: chosen, rendering, options, precision, target, ...source }: FeaturesInput): Promise<FeaturesOutput> {
    this.#check(precision)
    const prepared = await this.#steps.preprocess(source)
    const { predictions, activations, inference } = await this.#run(prepared.picture, { layers: chosen, predictions: true }, precision)
    const clock = stopwatch()
    const { data } = predictions!
    const objects = this.#steps.postprocess(data, prepared, options)
    const postprocess = clock()
    const cam = isCam(rendering) ? await this.#cam(data, prepared, options, chosen, target ?? { index: 0 }) : undefined
    if (cam) clock()
    const layers = chosen.map(info => ({ info, output: activations[info.name]! }))
    const body = await render({ config: this.#model.config, prepared, objects, layers, cam }, rendering)
    const times = { ...prepared.times, inference: inference + (cam?.ms ?? 0), postprocess, render: clock() }
    return { image: prepared.image, objects, times, body: inChunks(body) }
  }

  /**
   * @throws ImageError if the image can't be decoded,
   * FeaturesError if the region lies outside the photo, or the model can't run in the precision;
   * NotDetectedError, NoGradientsError where LayerCAM has no target or no gradients
   */
  async explain (input: ExplainInput): Promise<ExplainOutput> {
    const { layers, region, options, target, precision = precisionOfModel(this.#model), ...source } = input
    this.#check(precision)
    const prepared = await this.#steps.preprocess(source)
    const wanted = { layers: region ? layers : [], predictions: true }
    const { predictions, activations, inference } = await this.#run(prepared.picture, wanted, precision)
    const clock = stopwatch()
    const { data } = predictions!
    const objects = this.#steps.postprocess(data, prepared, options)
    const postprocess = clock()
    const candidates = this.#steps.candidates(data, prepared, { ...options, scoreThreshold: minScore(options) })
    const pass = { config: this.#model.config, prepared, layout: this.#steps.layout, predictions: data, candidates, options }
    const place = region && { region, responses: layers.map(info => ({ info, output: activations[info.name]! })) }
    const cam = target && await this.#cam(data, prepared, options, layers, target)
    if (cam) clock() // its time is part of inference
    const body = explanationBody(pass, objects, place, cam && explainCam(layers, cam.cams, cam.candidate, this.#model.config.labels))
    const times = { ...prepared.times, inference: inference + (cam?.ms ?? 0), postprocess, render: clock() }
    return { image: prepared.image, objects, times, body: inChunks(body) }
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
    await Promise.all([...this.#detectors.values(), this.#sessions, this.#layerCams].map(held => held.release()))
  }

  /** LayerCAM's maps of the target. */
  async #cam (predictions: Float32Array, prepared: Prepared, options: DecodeOptions, layers: readonly ChosenLayer[], target: CamTarget) {
    const candidate = findTarget(this.#steps, predictions, prepared, options, target)
    const { cams, ms } = await this.#layerCams.of(prepared.picture, layers, candidate, this.#steps.layout, predictions)
    return { candidate, cams, ms, label: this.#model.config.labels[candidate.classId]!, score: candidate.score }
  }

  #check (precision: Precision | undefined): void {
    if (precision === undefined || precisionsOf(this.#model).includes(precision)) return
    throw new FeaturesError(`precision: ${this.#model.config.name} has no usable calibration table, so it runs in fp32 only`)
  }

  /** Compiles missing networks before the clock starts. */
  async #run (picture: Picture, wanted: Pick<WantedOutputs, 'layers' | 'predictions'>, precision?: Precision): Promise<Run> {
    const { layers, predictions } = wanted
    const served = precisionOfModel(this.#model)
    const looking = layers.length > 0 ? await this.#sessionFor(layers, precision) : undefined
    const detecting = predictions ? await this.#detector(precision ?? served) : undefined
    const isSame = (precision ?? served) === (precision ?? 'fp32')
    const isExact = looking && detecting && isSame && await this.#predictsAlike(looking, detecting, picture)
    const clock = stopwatch()
    const activations = await looking?.run(picture) ?? {}
    const predicted = isExact ? activations : await detecting?.run(picture)
    return { activations, predictions: predicted?.[OUTPUT_NAME], inference: clock() }
  }

  async #detector (precision: Precision): Promise<Session> {
    const session = this.#detectors.get(precision) ?? await this.#create([], precision)
    this.#detectors.set(precision, session)
    return session
  }

  /** Whether a network with layers can do without the other, for pictures of that size: the runtime's kernels may depend on it. */
  async #predictsAlike (looking: Session, detecting: Session, picture: Picture): Promise<boolean> {
    const { padded: { width, height } } = picture
    const known = this.#isAlike.get(looking) ?? new Map<string, boolean>()
    this.#isAlike.set(looking, known)
    const size = `${width}×${height}`
    const isAlike = known.get(size) ?? await predictAlike(looking, detecting, picture)
    known.set(size, isAlike)
    return isAlike
  }

  async #sessionFor (chosen: readonly ChosenLayer[], precision: Precision = 'fp32'): Promise<Session> {
    const layers = [...new Set(chosen.map(({ name }) => name))].sort()
    return await this.#sessions.get([precision, ...layers].join(), () => this.#create(layers, precision))
  }

  /** @throws FeaturesError if the calibration table does not fit the network */
  async #create (layers: readonly string[], precision: Precision): Promise<Session> {
    return await Session.create(compiled(this.#model, layers, precision), this.#threads)
  }
}

/** Whether a rendering shows LayerCAM's maps. */
const isCam = ({ reduce, format }: Rendering): boolean => reduce === 'layercam' && CAM_FORMATS.includes(format)

const precisionOfModel = (model: DetectorModel): Precision => ('precision' in model ? model.precision : undefined) ?? 'fp32'

/** Only requests learn whether the table of a model that is served in fp32 fits. */
function compiled (model: DetectorModel, layers: readonly string[], precision: Precision): Uint8Array {
  try {
    return compileModel(model, layers, precision)
  } catch (error) {
    throw precision === 'int8' && error instanceof NetworkError ? new FeaturesError(`precision: ${error.message}`, { cause: error }) : error
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
