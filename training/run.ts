import { basename } from 'node:path'
import type { StateDict } from '../models/checkpoints/state-dict.ts'
import { epochBatches } from './data/order.ts'
import { TrainingError } from './errors.ts'
import { meanLosses, meanOf } from './gradient-mean.ts'
import { Layout } from './layout.ts'
import { averageWeight, updateAverage } from './optimizers/average.ts'
import { clip } from './optimizers/clip.ts'
import { optimizerOf, type Optimizer } from './optimizers/optimizer.ts'
import { rateAt } from './optimizers/schedule.ts'
import type { Team } from './processes/team.ts'
import type { MicroBatch, StepOutcome } from './processes/trainer.ts'
import { initialValues, stateDictOf } from './run-arrays.ts'
import { updateStatistics } from './running-statistics.ts'
import type { EpochReport, StepReport, TrainingResult, TrainingSettings } from './settings.ts'
import type { TrainingSpec } from './spec.ts'
import type { Saved } from './state/state-file.ts'

type Losses = Readonly<Record<string, number>>
interface Best { readonly epoch: number, readonly score: number | undefined }

/** How far a run is. */
export interface Position {
  /** The epoch in progress. */
  readonly epoch: number
  /** Steps of it that are done. */
  readonly step: number
  /** Sums of the losses of these. */
  readonly losses: Losses
  readonly best: Best | null
  readonly history: readonly EpochReport[]
  readonly ending: 'finished' | 'early' | null
}

const START: Position = { epoch: 0, step: 0, losses: {}, best: null, history: [], ending: null }

/** A training run: its values, and how they change from step to step. */
export class Run {
  readonly #spec: TrainingSpec
  readonly #settings: TrainingSettings
  readonly #team: Team
  readonly #layout: Layout
  readonly #optimizer: Optimizer
  /** All that training changes, its moving average, and the best average so far. */
  readonly #values: Float32Array
  readonly #average: Float32Array
  readonly #best: Float32Array
  #position = START

  constructor (spec: TrainingSpec, settings: TrainingSettings, team: Team) {
    this.#spec = spec
    this.#settings = settings
    this.#team = team
    this.#layout = new Layout(team.plan)
    this.#optimizer = optimizerOf(settings.optimizer, this.#layout.trained)
    this.#values = initialValues(this.#layout, spec.initial)
    this.#average = this.#values.slice()
    this.#best = this.#values.slice()
  }

  get position (): Position { return this.#position }

  /** Continues from a saved state. */
  restore ({ position, arrays }: Saved<Position>): void {
    this.#position = position
    for (const [name, values] of this.#arrays) values.set(arrays.get(name)!)
  }

  /** What `restore` takes. */
  get saved (): Saved<Position> { return { position: this.#position, arrays: this.#arrays } }

  get stepsPerEpoch (): number { return Math.ceil(this.#spec.examples.length / this.#settings.batch) }

  get isEpochComplete (): boolean { return this.#position.step >= this.stepsPerEpoch }

  /** Computes the next step of the epoch, and updates all values. @throws TrainingError if a value is not finite */
  async step (): Promise<StepReport> {
    const started = performance.now()
    const { epoch, step, losses: sums } = this.#position
    const outcomes = await this.#team.step(this.#values, this.#microBatches())
    const losses = meanLosses(outcomes)
    this.#checkLosses(outcomes)
    const rate = this.#rate
    const gradientNorm = this.#update(outcomes, rate)
    const total = Object.fromEntries(Object.entries(losses).map(([name, loss]) => [name, (sums[name] ?? 0) + loss]))
    this.#position = { ...this.#position, step: step + 1, losses: total }
    const photosPerSecond = this.#settings.batch / (performance.now() - started) * 1000
    return { epoch, step: this.#done, steps: this.stepsPerEpoch * this.#settings.epochs, losses, rate, gradientNorm, photosPerSecond }
  }

  /** Scores what is found on the validation photos, keeps the best, and goes to the next epoch. */
  endEpoch (score: number | undefined, seconds: number, measures?: EpochReport['measures']): EpochReport {
    const { epoch, losses, best, history } = this.#position
    const { epochs } = this.#settings
    const isBest = score === undefined || best?.score === undefined || score > best.score
    if (isBest) this.#best.set(this.averaged)
    const means = Object.fromEntries(Object.entries(losses).map(([name, sum]) => [name, sum / this.stepsPerEpoch]))
    const report: EpochReport = { epoch, epochs, losses: means, rate: this.#rate, score, isBest, seconds, ...(measures && { measures }) }
    const next = { epoch: epoch + 1, step: 0, losses: {}, best: isBest ? { epoch, score } : best, history: [...history, report] }
    this.#position = { ...next, ending: endingOf(next, this.#settings) }
    return report
  }

  /** The values that validation and the result use. */
  get averaged (): Float32Array { return this.#settings.averageDecay > 0 ? this.#average : this.#values }

  get result (): Omit<TrainingResult, 'ending'> {
    const { best, history, epoch } = this.#position
    const stateDict: StateDict = stateDictOf(this.#layout, best ? this.#best : this.averaged, this.#spec.initial)
    return { stateDict, epoch: best?.epoch ?? epoch, score: best?.score, history }
  }

  /** Steps that are done, over all epochs. */
  get #done (): number { return this.#position.epoch * this.stepsPerEpoch + this.#position.step }

  get #rate (): number { return rateAt(this.#done, this.stepsPerEpoch * this.#settings.epochs, this.#settings) }

  /** By name, everything that a resumed run needs besides its position. */
  get #arrays (): Map<string, Float32Array> {
    return new Map([['values', this.#values], ['average', this.#average], ['best', this.#best], ...this.#optimizer.arrays])
  }

  #microBatches (): MicroBatch[] {
    const { seed, examples, microBatch } = this.#spec
    const { batch } = this.#settings
    const { epoch, step } = this.#position
    const photos = epochBatches(examples.length, batch, seed, epoch)[step]!
    return Array.from({ length: batch / microBatch }, (_, i) => {
      const start = i * microBatch
      return { epoch, first: step * batch + start, photos: photos.slice(start, start + microBatch) }
    })
  }

  /** @returns the norm of the gradient before clipping */
  #update (outcomes: readonly StepOutcome[], rate: number): number {
    const { trained } = this.#layout
    const gradient = meanOf(outcomes.map(({ values }) => values.subarray(0, trained)))
    const norm = clip(gradient, this.#settings.clipNorm)
    this.#checkUpdate(outcomes, norm)
    for (const { values } of outcomes) updateStatistics(this.#values, values, this.#team.plan.norms, this.#layout)
    this.#optimizer.step(this.#values.subarray(0, trained), gradient, rate, this.#done + 1)
    updateAverage(this.#average, this.#values, averageWeight(this.#settings.averageDecay, this.#done + 1))
    return norm
  }

  #checkLosses (outcomes: readonly StepOutcome[]): void {
    for (const [index, { losses }] of outcomes.entries()) {
      const [bad] = Object.entries(losses).find(([, loss]) => !Number.isFinite(loss)) ?? []
      if (bad !== undefined) throw this.#notFinite(bad === 'loss' ? 'the loss' : `the loss ${bad}`, index)
    }
  }

  /** @param outcomes of which the first holds the mean gradient: it is to blame if no other is */
  #checkUpdate (outcomes: readonly StepOutcome[], norm: number): void {
    if (Number.isFinite(norm) && outcomes.every(({ values }) => values.subarray(this.#layout.trained).every(Number.isFinite))) return
    const index = outcomes.findLastIndex(({ values }) => !values.every(Number.isFinite))
    const isBad = (name: string): boolean => !this.#layout.view(outcomes[index]!.values, name).every(Number.isFinite)
    throw this.#notFinite(`the update of ${this.#layout.names.find(isBad)}`, index)
  }

  #notFinite (what: string, index: number): TrainingError {
    const { epoch, photos } = this.#microBatches()[index]!
    const where = `step ${this.#done + 1} (epoch ${epoch + 1}, batch ${this.#position.step + 1})`
    const names = photos.map(photo => basename(this.#spec.examples[photo]!.path)).join(', ')
    return new TrainingError('NOT_FINITE', `${where}: ${what} is not finite, on the photos ${names}. Try a lower learning rate`)
  }
}

function endingOf ({ epoch, best }: Pick<Position, 'epoch' | 'best'>, { epochs, patience }: TrainingSettings): Position['ending'] {
  if (epoch >= epochs) return 'finished'
  return best && epoch - 1 - best.epoch >= patience ? 'early' : null
}
