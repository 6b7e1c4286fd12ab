import cliProgress from 'cli-progress'
import type { Io } from './io.ts'

const FORMAT = '{bar} {value}/{total} {step}, {duration_formatted}, {eta_formatted} to go'

/** A bar on stderr that counts steps and names the current one; only on a terminal, and not with --quiet. */
export class ProgressBar {
  readonly #bar: cliProgress.SingleBar | undefined

  constructor (total: number, { stderr, quiet = false }: Io) {
    if (!stderr.isTTY || quiet) return
    this.#bar = new cliProgress.SingleBar({ stream: stderr, format: FORMAT, clearOnComplete: true })
    this.#bar.start(total, 0, { step: '' })
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

  stop (): void { this.#bar?.stop() }
}
