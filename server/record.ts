import type { Size } from '../head/decode/boxes.ts'
import type { ApiError } from './errors.ts'

/** What a request has done with its image; `features` is also a POST /detect that asks for layers. */
export type Task = 'detect' | 'features' | 'classify' | 'infer'

/** What an image goes through, in this order: `queue` is the wait for a worker, and only `features` and drawings render. */
export const STAGES = ['queue', 'decode', 'preprocess', 'inference', 'postprocess', 'render'] as const

/** Milliseconds of each stage that there was; `total` is from call to answer. */
export type StageTimes = Readonly<Partial<Record<typeof STAGES[number], number>>> & { readonly total: number }

/** What was done with an image, for those who run the server. */
export interface Run {
  readonly task: Task
  /** The name of a model that is served, never what a client wrote. */
  readonly model: string
  /** In pixels, as displayed. */
  readonly image: Size
  readonly times: StageTimes
  /** The label of each object that was found. */
  readonly objects?: readonly string[]
  /** The class that the image most likely is of. */
  readonly best?: string | undefined
  /** Of feature maps and drawings: the format, the number of layers, and the bytes that are sent. */
  readonly format?: string
  readonly layers?: number
  readonly bytes?: number
}

/** What happened to a request. Its log line, the metrics and its trace are made from it. */
export interface RequestRecord {
  /** One for each of its images that was answered. */
  readonly runs: Run[]
  /** One for each image of a batch that was not. */
  readonly failures: ApiError[]
  /** Why the whole request failed. */
  failure?: ApiError
}

declare module 'fastify' {
  interface FastifyRequest { record: RequestRecord }
}
