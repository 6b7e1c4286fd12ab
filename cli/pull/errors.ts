import { CommandError } from '../errors.ts'
import { sizeText } from './sizes.ts'
import { shownUrl } from './sources.ts'

export interface DownloadProblem extends ErrorOptions {
  /** Whether the same request may succeed later. */
  readonly mayRecover?: boolean
  /** Milliseconds that the server asks to wait. */
  readonly retryAfter?: number | undefined
}

/** A source did not deliver a file. */
export class DownloadError extends CommandError {
  override readonly name: string = 'DownloadError'
  readonly mayRecover: boolean
  readonly retryAfter: number

  constructor (message: string, { mayRecover = false, retryAfter = 0, ...options }: DownloadProblem = {}) {
    super(message, options)
    this.mayRecover = mayRecover
    this.retryAfter = retryAfter
  }
}

/** A source's file is larger than the limit. */
export class TooLargeError extends DownloadError {
  /** @param maxSize bytes */
  constructor (source: URL, maxSize: number) {
    super(`${shownUrl(source)}: larger than the limit of ${sizeText(maxSize)}; --max-size raises it`)
  }
}
