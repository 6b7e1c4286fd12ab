import type { Config } from './config.ts'

/** What a request may cost. */
export interface Limits {
  /** Pixels of an image, as it declares them. */
  readonly maxPixels: number
  /** Bytes of feature maps in one reply. */
  readonly maxFeatureBytes: number
  /** Milliseconds within which an image that has arrived is answered. */
  readonly requestTimeout: number
  /** Images of one batch that are processed at a time. */
  readonly lanes: number
}

export const limitsOf = (config: Config): Limits =>
  ({
    maxPixels: config.MAX_PIXELS,
    maxFeatureBytes: config.MAX_FEATURE_BYTES,
    requestTimeout: config.REQUEST_TIMEOUT,
    lanes: config.WORKERS
  })
