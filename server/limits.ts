import type { Config } from './config.ts'

/** Limits of a request. */
export interface Limits {
  /** Maximum number of pixels of an image, as declared in its header. */
  readonly maxPixels: number
  /** Maximum size of feature maps in one reply, in bytes. */
  readonly maxFeatureBytes: number
  /** Milliseconds within which an image that has arrived is answered. */
  readonly requestTimeout: number
  /** Number of images of a batch processed at a time. */
  readonly lanes: number
}

export const limitsOf = (config: Config): Limits =>
  ({
    maxPixels: config.MAX_PIXELS,
    maxFeatureBytes: config.MAX_FEATURE_BYTES,
    requestTimeout: config.REQUEST_TIMEOUT,
    lanes: config.WORKERS
  })
