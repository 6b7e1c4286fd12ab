import type { ClassifierConfig } from '../models/config.ts'
import type { Artifact } from '../models/artifact.ts'
import type { DetectOptions, DetectResult } from './detector.ts'
import { sniffFormat, type ImageInfo } from './image/decode.ts'
import { Loaded, type Pools } from './models/loaded.ts'

/** A class that an image may be of, and how sure that is, 0 … 1; over all classes it sums to 1. */
export interface Classification { readonly classId: number, readonly score: number }

export interface ClassifyResult {
  readonly image: ImageInfo
  /** Best first. */
  readonly classes: ReadonlyArray<Classification & { readonly label: string }>
  /** Milliseconds, as of a detection. */
  readonly times: DetectResult['times']
}

export interface ClassifyOptions extends Pick<DetectOptions, 'maxPixels' | 'signal'> {
  /** Classes that are wanted at the most. */
  readonly topK: number
}

/** Says what images are of. */
export class Classifier extends Loaded {
  readonly config: ClassifierConfig

  constructor (id: string, source: Artifact, config: ClassifierConfig, pools: Pools) {
    super(id, source, pools)
    this.config = config
  }

  /**
   * @param bytes an image file
   * @throws what Detector.detect does
   */
  async classify (bytes: Uint8Array, { maxPixels, topK, signal }: ClassifyOptions): Promise<ClassifyResult> {
    const start = performance.now()
    sniffFormat(bytes)
    const job = { type: 'classify', model: this.id, bytes, maxPixels, topK } as const
    const { image, classes, times, queueMs } = await this.pools.detect.run(job, { signal })
    const labelled = classes.map(({ classId, score }) => ({ classId, score, label: this.config.labels[classId]! }))
    return { image, classes: labelled, times: { queue: queueMs, ...times, total: performance.now() - start } }
  }
}
