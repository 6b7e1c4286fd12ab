import cliProgress from 'cli-progress'
import type { Io } from './io.ts'

const FORMAT = '{bar} {value}/{total} {step}, {duration_formatted}, {eta_formatted} to go'
/** For work that states its own time. */
export const WITHOUT_TIMES = '{bar} {value}/{total} {step}'
/** For work that states all of it. */
export const BAR_AND_TEXT = '{bar} {step}'
/** For work whose total is not known. */
export const TEXT_ONLY = '{step}'

interface BarOptions {
  /** Steps that are done already. */
  readonly start?: number
  readonly format?: string
}

/** A bar on stderr that counts steps and names the current one; only on a terminal, and not with --quiet. */
export class ProgressBar {
  readonly #bar: cliProgress.SingleBar | undefined

  constructor (total: number, { stderr, quiet = false }: Io, { start = 0, format = FORMAT }: BarOptions = {}) {
    if (!stderr.isTTY || quiet) return
    this.#bar = new cliProgress.SingleBar({ stream: stderr, format, clearOnComplete: true })
    this.#bar.start(total, start, { step: '' })
  }

  /** Shows a step during its work, then counts it. */
  async during<T> (step: string, work: () => Promise<T>): Promise<T> {
    this.#bar?.update({ step })
    const result = await work()
    this.#bar?.increment()
    return result
  }

  /** Counts a finished step. @param of the kind of steps, or the next one */
  count (of: string): void { this.#bar?.increment(1, { step: of }) }

  /** Shows a state. @param step of the moment, made only if it is shown */
  show (value: number, step: () => string): void { if (this.#bar) this.#bar.update(value, { step: step() }) }

  stop (): void { this.#bar?.stop() }
}
