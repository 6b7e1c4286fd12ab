import { printable } from '../../engine/printable.ts'
import type { EpochReport, StepReport } from '../../training/settings.ts'
import type { Io } from '../io.ts'
import { ProgressBar, WITHOUT_TIMES } from '../progress-bar.ts'

/** What validation measures, by name: AP, top-1. */
export type Measures = Readonly<Record<string, number>>

/** Shows a run on its way. */
export interface Progress {
  /** Something to know about the run, in a line. */
  note (line: string): void
  onStep (report: StepReport): void
  onEpoch (report: EpochReport, measures: Measures): void
  stop (): void
}

/** A bar with the losses, and a line per epoch, both on stderr. Nothing with --quiet. */
export class TextProgress implements Progress {
  readonly #io: Io
  readonly #started = performance.now()
  #bar: ProgressBar | undefined
  /** The number of the first step, which a resumed run does not begin with 1. */
  #first: number | undefined

  constructor (io: Io) { this.#io = io }

  note (line: string): void {
    this.stop()
    if (!this.#io.quiet) this.#io.stderr.write(`${printable(line, '\n')}\n`)
  }

  onStep (report: StepReport): void {
    const { epoch, step, steps, losses, photosPerSecond } = report
    this.#first ??= step
    this.#bar ??= new ProgressBar(steps, this.#io, { start: step - 1, format: WITHOUT_TIMES })
    const perStep = (performance.now() - this.#started) / 1000 / (step - this.#first + 1)
    this.#bar.count(`epoch ${epoch + 1}, ${lossText(losses)}, ${photosPerSecond.toFixed(1)} photos/s, ${timeText(perStep * (steps - step))} to go`)
  }

  onEpoch (report: EpochReport, measures: Measures): void { this.note(epochText(report, measures)) }

  stop (): void {
    this.#bar?.stop()
    this.#bar = undefined
  }
}

/** Lines of JSON on stdout: an object per step and per epoch. */
export class JsonProgress implements Progress {
  readonly #io: Io

  constructor (io: Io) { this.#io = io }

  /** Lines for people are facts of other lines. */
  note (): void {}

  onStep ({ epoch, step, steps, losses, rate, gradientNorm, photosPerSecond }: StepReport): void {
    writeJson(this.#io, { event: 'step', epoch: epoch + 1, step, steps, losses, rate, gradient_norm: gradientNorm, photos_per_second: photosPerSecond })
  }

  onEpoch ({ epoch, epochs, losses, rate, isBest, seconds }: EpochReport, measures: Measures): void {
    writeJson(this.#io, { event: 'epoch', epoch: epoch + 1, epochs, losses, rate, ...measures, best: isBest, seconds })
  }

  stop (): void {}
}

/** An object as a line of stdout. */
export const writeJson = (io: Io, value: object): void => { io.stdout.write(`${JSON.stringify(value)}\n`) }

/** `epoch 2 of 30: loss 0.812 (qfl 0.301, bbox 0.411, dfl 0.100), AP 0.402, AP50 0.701, rate 0.00198, 21 s, best so far` */
export function epochText ({ epoch, epochs, losses, rate, isBest, seconds }: EpochReport, measures: Measures): string {
  const parts = [lossText(losses), ...measureTexts(measures), `rate ${Number(rate.toPrecision(3))}`, timeText(seconds)]
  return `epoch ${epoch + 1} of ${epochs}: ${parts.join(', ')}${isBest && Object.keys(measures).length > 0 ? ', best so far' : ''}`
}

/** `AP 0.753` */
export const measureTexts = (measures: Measures): string[] =>
  Object.entries(measures).map(([name, value]) => `${name} ${value < 0 ? '–' : value.toFixed(3)}`)

/** `loss 0.812 (qfl 0.301, bbox 0.411, dfl 0.100)` */
function lossText ({ loss = NaN, ...parts }: Readonly<Record<string, number>>): string {
  const texts = Object.entries(parts).map(([name, value]) => `${lossName(name)} ${value.toFixed(3)}`)
  return `loss ${loss.toFixed(3)}${texts.length > 0 ? ` (${texts.join(', ')})` : ''}`
}

/** A loss's name for people: `loss_qfl` → `qfl`. */
export const lossName = (name: string): string => name.replace('loss_', '')

/** `4 s`, `3 min 20 s`, `2 h 5 min` */
export function timeText (seconds: number): string {
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  return `${Math.floor(whole / 3600)} h ${Math.floor(whole % 3600 / 60)} min`
}
