import type { Size } from '../head/decode/boxes.ts'
import type { ApiError } from './errors.ts'
import type { Stored } from './feedback/store.ts'

/** The task of a request; `features` includes POST /detect with layers. */
export type Task = 'detect' | 'features' | 'classify' | 'explain' | 'infer' | 'feedback'

/** The stages of an image, in order: `queue` is the wait for a worker; only `features` and drawings render. */
export const STAGES = ['queue', 'decode', 'preprocess', 'inference', 'postprocess', 'render'] as const

/** Milliseconds of each stage that was run; `total` is from call to reply. */
export type StageTimes = Readonly<Partial<Record<typeof STAGES[number], number>>> & { readonly total: number }

/** How an image was processed, for logs, metrics and traces. */
export interface Run {
  readonly task: Task
  /** The name of a deployed model, never text from a client. */
  readonly model: string
  /** In pixels, as displayed. */
  readonly image: Size
  readonly times: StageTimes
  /** Number of images in its run of the network, if there were several. */
  readonly batch?: number | undefined
  /** The label of each object found. */
  readonly objects?: readonly string[]
  /** The most likely class of the image. */
  readonly best?: string | undefined
  /** For feature maps and drawings: format, number of layers, and bytes sent. */
  readonly format?: string
  readonly layers?: number
  readonly bytes?: number
}

/** What happened to a request: the source of its log line, metrics and trace. */
export interface RequestRecord {
  /** One for each answered image. */
  readonly runs: Run[]
  /** One for each failed image of a batch. */
  readonly failures: ApiError[]
  /** What POST /feedback has stored. */
  feedback?: Stored
  /** Why the whole request failed. */
  failure?: ApiError
}

declare module 'fastify' {
  interface FastifyRequest { record: RequestRecord }
}
