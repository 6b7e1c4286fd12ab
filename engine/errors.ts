import type { Size } from '../head/decode/boxes.ts'

/** What can be wrong with the bytes of an image. */
export type ImageProblem =
  | { code: 'EMPTY_IMAGE' }
  | { code: 'UNSUPPORTED_IMAGE', found: string, instead: string }
  | { code: 'CORRUPT_IMAGE', format: string }
  /** `declared` is missing where the decoder itself gave up on the size. */
  | { code: 'IMAGE_TOO_LARGE', maxPixels: number, declared?: Size }

export type ImageErrorCode = ImageProblem['code']

/** An image that can't be taken. The message is one line for the sender of the image; the decoder's own words are in `cause`. */
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

/** A worker that failed at a job, or ended before it was done. */
export class WorkerError extends Error {
  override readonly name = 'WorkerError'
}

/** Layers that can't be given as asked for. The message is for the one who asked. */
export class FeaturesError extends Error {
  override readonly name: string = 'FeaturesError'
}

/** A job that can't be done in time. */
export class OverloadError extends Error {
  override readonly name = 'OverloadError'
  readonly reason: 'queue_full' | 'queue_bytes' | 'too_slow' | 'deadline' | 'bytes_in_flight'
  /** Seconds after which it is worth trying again. */
  readonly retryAfter: number

  constructor (reason: OverloadError['reason'], retryAfter: number) {
    super(`More is asked for than can be done in time: try again in ${retryAfter} s`)
    this.reason = reason
    this.retryAfter = retryAfter
  }
}

/** A job that nobody waits for any more. */
export class AbortedError extends Error {
  override readonly name = 'AbortedError'

  constructor () {
    super('The client left before its turn came')
  }
}

/** A model that there is not. */
export class UnknownModelError extends Error {
  override readonly name = 'UnknownModelError'

  constructor (model: string) {
    super(`There is no model ${model}; GET /models lists them`)
  }
}

/** A model that is asked for what it can't do. */
export class WrongTaskError extends Error {
  override readonly name = 'WrongTaskError'

  constructor (model: string, task: 'classify' | 'detect') {
    super(task === 'classify' ? `The model ${model} is no classifier: POST /detect` : `The model ${model} is a classifier: POST /classify`)
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
