/** Aborts when nothing has happened for a while, or when `signal` is aborted. */
export class StallTimer {
  readonly #ms: number
  readonly #controller = new AbortController()
  readonly signal: AbortSignal
  #timer: NodeJS.Timeout | undefined
  #hasFired = false

  constructor (ms: number, signal: AbortSignal) {
    this.#ms = ms
    this.signal = AbortSignal.any([signal, this.#controller.signal])
    this.progress()
  }

  get hasFired (): boolean { return this.#hasFired }

  /** Something has happened: the time starts again. */
  progress (): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#hasFired = true
      this.#controller.abort()
    }, this.#ms)
  }

  stop (): void { clearTimeout(this.#timer) }
}
