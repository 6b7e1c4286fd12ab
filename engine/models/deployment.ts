import { backoff } from '../backoff.ts'
import { ClosedError, ModelLoadError, OverloadError } from '../errors.ts'
import type { Running } from '../results.ts'
import { waitUntil, type Waiter, type WaitOptions } from '../wait-until.ts'
import type { ModelInfo } from './model-info.ts'
import type { Origin } from './origin.ts'
import type { Version } from './version.ts'

/** The state of a model. While it loads again, requests use the previous version. */
export type State =
  | { readonly name: 'unloaded' }
  | { readonly name: 'loading', readonly previous?: Version | undefined }
  /** `problem` is why the latest load failed. */
  | { readonly name: 'ready', readonly version: Version, readonly problem?: string }
  /** A request may try again from `retryAt` on, by performance.now(). */
  | { readonly name: 'failed', readonly problem: string, readonly retryAt: number }

export const MODEL_STATES = ['ready', 'loading', 'unloaded', 'failed'] as const

/** Seconds after which a client may retry if its model did not load in time. */
const RETRY_AFTER = 2
/** Milliseconds between attempts to load a model after a process failed to. */
const RETRY_DELAYS = { first: 5000, longest: 300_000 }

/** A deployed model: the origin of its files, its state, and the requests that wait for it. */
export class Deployment {
  readonly name: string
  /** May change when its files do. */
  origin: Origin
  #state: State = { name: 'unloaded' }
  #info: ModelInfo | undefined
  #failures = 0
  readonly #waiters = new Set<Waiter<Version>>()
  /** When it was last requested, by performance.now(). */
  lastUsed = 0
  /** The load that is queued or running. */
  loading: Promise<void> | undefined
  /** Whether to load it even if no request waits for it. */
  isForced = false

  constructor (name: string, origin: Origin) {
    this.name = name
    this.origin = origin
  }

  get state (): State { return this.#state }

  /** Its description, as of the latest time its files were read. */
  get info (): ModelInfo | undefined { return this.version?.info ?? this.#info }

  /** The version that requests use. */
  get version (): Version | undefined {
    if (this.#state.name === 'ready') return this.#state.version
    return this.#state.name === 'loading' ? this.#state.previous : undefined
  }

  /** How workers run it; undefined if it is not loaded. */
  get running (): Running | undefined { return this.version?.running }

  get problem (): string | undefined { return 'problem' in this.#state ? this.#state.problem : undefined }

  get isWanted (): boolean { return this.isForced || this.#waiters.size > 0 }

  /** Waits until it is loaded. @returns the version, leased @throws ModelLoadError, OverloadError, AbortedError, ClosedError */
  async wait (options: WaitOptions): Promise<Version> {
    return await waitUntil<Version>(options, () => new OverloadError('model_loading', RETRY_AFTER), waiter => {
      this.#waiters.add(waiter)
      return () => this.#waiters.delete(waiter)
    })
  }

  described (info: ModelInfo): void { this.#info = info }

  begin (): void { this.#state = { name: 'loading', previous: this.version } }

  /** @returns the version that it replaces */
  succeed (version: Version): Version | undefined {
    const previous = this.version
    this.#state = { name: 'ready', version }
    this.#info = version.info
    this.#failures = 0
    for (const waiter of this.#waiters) waiter.resolve(version.lease())
    return previous
  }

  /** Keeps the previous version in use. @param isOurs whether a later attempt may succeed with the same files */
  fail (problem: string, isOurs: boolean): void {
    const version = this.version
    const retryAt = isOurs ? performance.now() + backoff(++this.#failures, RETRY_DELAYS) : Infinity
    this.#state = version ? { name: 'ready', version, problem } : { name: 'failed', problem, retryAt }
    this.#rejectAll(new ModelLoadError(this.name, problem))
  }

  /** Ends the use of the current version. @returns that version */
  clear (): Version | undefined {
    const { version } = this
    if (this.#state.name === 'loading') this.#state = { name: 'loading' }
    if (this.#state.name === 'ready') this.#state = { name: 'unloaded' }
    return version
  }

  close (): void { this.#rejectAll(new ClosedError()) }

  #rejectAll (error: Error): void { for (const waiter of this.#waiters) waiter.reject(error) }
}
