import type { DestinationStream } from 'pino'

/** Milliseconds that a line waits for others. */
const WAIT = 20
/** Characters that are written at once. */
const FULL = 2 ** 14

/** Where lines go. */
export interface Sink extends DestinationStream { flushSync (): void }

/** Writes the lines of a moment together: a system call and a thread's wake-up for each would cost more than the line. */
export class LogBatch implements Sink {
  readonly #sink: Sink
  #lines = ''
  #timer: NodeJS.Timeout | undefined

  constructor (sink: Sink) {
    this.#sink = sink
  }

  write (line: string): void {
    this.#lines += line
    if (this.#lines.length >= FULL) this.release()
    else this.#timer ??= setTimeout(() => this.release(), WAIT)
  }

  /** Hands over the lines that wait. */
  release (): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const lines = this.#lines
    this.#lines = ''
    if (lines !== '') this.#sink.write(lines)
  }

  /** Called by pino for a fatal error. */
  flushSync (): void {
    this.release()
    this.#sink.flushSync()
  }
}
