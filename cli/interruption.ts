/** What SIGINT and SIGTERM do during a run. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const
type Signal = keyof typeof EXIT_CODES

/** Its signal is aborted by the first SIGINT or SIGTERM, so that the run can save its state; another ends the process. */
export class Interruption {
  readonly #controller = new AbortController()
  readonly #handlers: ReadonlyArray<readonly [Signal, () => void]>
  /** 130 or 143 once a signal has arrived. */
  exitCode: number | undefined

  /** @param onFirst is called for the first signal */
  constructor (onFirst: () => void) {
    this.#handlers = (Object.keys(EXIT_CODES) as Signal[]).map(name => [name, () => {
      if (this.exitCode !== undefined) process.exit(this.exitCode)
      this.exitCode = EXIT_CODES[name]
      onFirst()
      this.#controller.abort()
    }])
    for (const [name, handler] of this.#handlers) process.on(name, handler)
  }

  get signal (): AbortSignal { return this.#controller.signal }

  /** Signals do again what they did before. */
  end (): void { for (const [name, handler] of this.#handlers) process.off(name, handler) }
}
