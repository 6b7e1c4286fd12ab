import cliProgress from 'cli-progress'
import type { Io } from './io.ts'

/** A bar on stderr that counts steps and names the one being done; nothing where stderr is no terminal. */
export class ProgressBar {
  readonly #bar: cliProgress.SingleBar | undefined

  constructor (total: number, { stderr }: Io) {
    if (!stderr.isTTY) return
    this.#bar = new cliProgress.SingleBar({ stream: stderr, format: '{bar} {value}/{total} {step}, {duration_formatted}, {eta_formatted} to go', clearOnComplete: true })
    this.#bar.start(total, 0, { step: '' })
  }

  /** Shows a step while it is done, and counts it. */
  async during<T> (step: string, work: () => Promise<T>): Promise<T> {
    this.#bar?.update({ step })
    const result = await work()
    this.#bar?.increment()
    return result
  }

  /** Counts a step that is done; `of` says of what kind steps are, or which one comes next. */
  count (of: string): void { this.#bar?.increment(1, { step: of }) }

  stop (): void { this.#bar?.stop() }
}
