import cliProgress from 'cli-progress'
import type { Io } from '../io.ts'
import { sizeText } from './sizes.ts'

const FORMAT = '{bar} {received} of {size}, {duration_formatted}'

/** Shows on stderr how far a download is: a bar on a terminal, lines elsewhere, nothing with `quiet`. */
export class PullProgress {
  readonly #io: Io
  readonly #quiet: boolean
  #bar: cliProgress.SingleBar | undefined

  constructor (io: Io, quiet: boolean) {
    this.#io = io
    this.#quiet = quiet
  }

  /** A line above the bar. */
  note (line: string): void {
    this.stop()
    if (!this.#quiet) this.#io.stderr.write(`${line}\n`)
  }

  /** @param total undefined if the server does not tell */
  update (received: number, total: number | undefined): void {
    if (this.#quiet || !this.#io.stderr.isTTY) return
    const payload = { received: sizeText(received), size: total === undefined ? 'unknown size' : sizeText(total) }
    this.#bar?.setTotal(total ?? received)
    this.#bar?.update(received, payload)
    this.#bar ??= this.#start(received, total ?? received, payload)
  }

  stop (): void {
    this.#bar?.stop()
    this.#bar = undefined
  }

  #start (received: number, total: number, payload: object): cliProgress.SingleBar {
    const bar = new cliProgress.SingleBar({ stream: this.#io.stderr, format: FORMAT, clearOnComplete: true })
    bar.start(total, received, payload)
    return bar
  }
}
