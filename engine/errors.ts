import type { Size } from '../head/decode/boxes.ts'

/** Problems of an image's bytes. */
export type ImageProblem =
  | { code: 'EMPTY_IMAGE' }
  | { code: 'UNSUPPORTED_IMAGE', found: string, instead: string }
  | { code: 'CORRUPT_IMAGE', format: string }
  /** `declared` is missing if the decoder itself refused the size. */
  | { code: 'IMAGE_TOO_LARGE', maxPixels: number, declared?: Size }

export type ImageErrorCode = ImageProblem['code']

/** An image that can't be used. The message is one line for the sender; `cause` has the decoder's own. */
export class ImageError extends Error {
  override readonly name = 'ImageError'
  readonly code: ImageErrorCode
  readonly problem: ImageProblem

  constructor (problem: ImageProblem, options?: ErrorOptions) {
    super(describe(problem), options)
    this.code = problem.code
    this.problem = problem
  }
}

function describe (problem: ImageProblem): string {
  switch (problem.code) {
    case 'EMPTY_IMAGE': return 'The image is empty'
    case 'UNSUPPORTED_IMAGE': return `Cannot decode ${problem.found}; send ${problem.instead} instead`
    case 'CORRUPT_IMAGE': return `The ${problem.format.toUpperCase()} image is damaged, cut short or encoded in a way that cannot be decoded`
    case 'IMAGE_TOO_LARGE': return `The image declares ${size(problem.declared)}; at most ${megapixels(problem.maxPixels)} are accepted`
  }
}

function size (declared?: Size): string {
  if (!declared) return 'more pixels than can be decoded'
  const { width, height } = declared
  return `${width}×${height} (${megapixels(width * height)})`
}

function megapixels (pixels: number): string {
  return `${Number((pixels / 1e6).toPrecision(3))} megapixels`
}

/** A job that failed in a worker or loader process. */
export class WorkerError extends Error {
  override readonly name = 'WorkerError'
  /** The process ended before the job was done; the job itself may not be the cause. */
  readonly ended: boolean

  constructor (message: string, { ended = false }: { ended?: boolean } = {}) {
    super(message)
    this.ended = ended
  }
}

/** Layers that can't be rendered as requested. The message is for the client. */
export class FeaturesError extends Error {
  override readonly name: string = 'FeaturesError'
}

/** A detection that is asked about, and that the photo does not have. The message is for the client. */
export class NotDetectedError extends Error {
  override readonly name = 'NotDetectedError'
}

/** A network that can't be differentiated. The message is for the client. */
export class NoGradientsError extends Error {
  override readonly name = 'NoGradientsError'
}

/** A tensor that does not fit a network. The message is for the client. */
export class TensorError extends Error {
  override readonly name = 'TensorError'
}

/** An error that is part of normal service, and frequent: it has no stack, which takes long to make and nobody reads. */
export class ExpectedError extends Error {
  constructor (message: string, options?: ErrorOptions) {
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = 0
    super(message, options)
    Error.stackTraceLimit = stackTraceLimit
  }
}

/** A job that can't be done in time. */
export class OverloadError extends ExpectedError {
  override readonly name = 'OverloadError'
  readonly reason: OverloadReason
  /** Seconds after which a retry is worthwhile. */
  readonly retryAfter: number

  constructor (reason: OverloadReason, retryAfter: number) {
    super(`Server overloaded; retry after ${retryAfter} s`)
    this.reason = reason
    this.retryAfter = retryAfter
  }
}

export type OverloadReason = 'queue_full' | 'queue_wait' | 'queue_bytes' | 'too_slow' | 'deadline' | 'bytes_in_flight' | 'model_loading' | 'replies_in_flight'

/** A job whose client has left. */
export class AbortedError extends Error {
  override readonly name = 'AbortedError'

  constructor () {
    super('The client closed the connection before its turn')
  }
}

/** The engine is closing and accepts no more jobs. */
export class ClosedError extends Error {
  override readonly name = 'ClosedError'

  constructor () {
    super('The server is shutting down')
  }
}

/** A model name that does not exist. */
export class UnknownModelError extends Error {
  override readonly name = 'UnknownModelError'

  static named (model: string): UnknownModelError {
    return new UnknownModelError(`Unknown model ${model}; GET /models lists the available models`)
  }
}

/** A task that a model does not support. */
export class WrongTaskError extends Error {
  override readonly name = 'WrongTaskError'
  readonly task: string
  readonly supported: readonly string[]

  constructor (model: string, task: string, supported: readonly string[]) {
    super(`The model ${model} does not support ${task}; it supports ${supported.join(', ')}`)
    this.task = task
    this.supported = supported
  }
}

/** A model that can't be loaded. */
export class ModelLoadError extends Error {
  override readonly name = 'ModelLoadError'
  readonly reason: string

  constructor (model: string, reason: string, options?: ErrorOptions) {
    super(`The model ${model} can't be loaded: ${reason}`, options)
    this.reason = reason
  }
}

/** An error serialized between processes, which loses its class. `name` is that of the class in TRAVELING. */
export interface Failure { readonly name: string, readonly message: string, readonly data?: unknown }

interface Traveling {
  readonly type: new (...args: never) => Error
  /** Properties sent besides the message. */
  readonly data?: (error: never) => unknown
  readonly revive: (message: string, data: never) => Error
}

/** Errors that keep their class between processes; subclasses become the listed class. */
const TRAVELING: Record<string, Traveling> = {
  ImageError: {
    type: ImageError,
    data: ({ problem, cause }: ImageError) => ({ problem, ...(cause !== undefined && { cause: String(cause) }) }),
    revive: (_message, { problem, ...options }: { problem: ImageProblem, cause?: string }) => new ImageError(problem, options)
  },
  FeaturesError: { type: FeaturesError, revive: message => new FeaturesError(message) },
  TensorError: { type: TensorError, revive: message => new TensorError(message) },
  NotDetectedError: { type: NotDetectedError, revive: message => new NotDetectedError(message) },
  NoGradientsError: { type: NoGradientsError, revive: message => new NoGradientsError(message) },
  OverloadError: {
    type: OverloadError,
    data: ({ reason, retryAfter }: OverloadError) => ({ reason, retryAfter }),
    revive: (_message, { reason, retryAfter }: OverloadError) => new OverloadError(reason, retryAfter)
  }
}

/** Serializes an error. */
export function toFailure (error: unknown): Failure {
  const { name, message } = error instanceof Error ? error : new Error(String(error))
  const [kind, traveling] = Object.entries(TRAVELING).find(([, { type }]) => error instanceof type) ?? [name]
  const data = traveling?.data?.(error as never)
  return { name: kind, message, ...(data !== undefined && { data }) }
}

/** Restores an error; a WorkerError if its class is not in TRAVELING. */
export function fromFailure ({ name, message, data }: Failure): Error {
  return TRAVELING[name]?.revive(message, data as never) ?? new WorkerError(message)
}
