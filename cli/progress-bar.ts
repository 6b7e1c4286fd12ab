import cliProgress from 'cli-progress'
import type { Io } from './command.ts'

/** A bar on stderr that counts steps and names the one being done; nothing where stderr is no terminal. */
export class ProgressBar {
  readonly #bar: cliProgress.SingleBar | undefined

  constructor (total: number, { stderr }: Io) {
    if (!stderr.isTTY) return
    this.#bar = new cliProgress.SingleBar({ stream: stderr, format: '{bar} {value}/{total} {step}, {duration_formatted}', clearOnComplete: true })
    this.#bar.start(total, 0, { step: '' })
  }

  /** Shows a step while it is done, and counts it. */
  async during<T> (step: string, work: () => Promise<T>): Promise<T> {
    this.#bar?.update({ step })
    const result = await work()
    this.#bar?.increment()
    return result
  }

  stop (): void { this.#bar?.stop() }
}
