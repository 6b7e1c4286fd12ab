/** What Redis keeps of a run, besides the jobs. The model's options are in OUT/run.json, the images in OUT/manifest.jsonl. */
import { createHash } from 'node:crypto'
import type { S3Options } from '../s3/client.ts'

export interface QueuedRun {
  /** Of key and output, in hexadecimal: prefix of the jobs' ids. */
  readonly id: string
  /** The RunSpec's. */
  readonly key: string
  readonly model: string
  /** Folder or S3 prefix that all machines see. */
  readonly out: string
  /** How to reach S3; keys come from each machine's environment. */
  readonly s3?: Pick<S3Options, 'endpoint' | 'pathStyle'> | undefined
  readonly shardSize: number
  readonly images: number
  readonly shards: number
  readonly formats: readonly string[]
  /** COCO's annotations file, for `formats`. */
  readonly annotations?: string | undefined
}

/** How far a run is. Times are Redis's, in milliseconds. */
export interface RunState {
  readonly run: QueuedRun
  /** All jobs are in the queue. */
  readonly isPlanned: boolean
  /** How often shards were added: by the plan, then by each retry. */
  readonly round: number
  /** The last round whose shards were merged. */
  readonly merged: number
  readonly startedAt: number
  readonly endedAt?: number | undefined
}

export const runId = (key: string, out: string): string =>
  createHash('sha256').update(JSON.stringify([key, out])).digest('hex').slice(0, 12)

export const isFinished = ({ isPlanned, round, merged }: RunState): boolean => isPlanned && merged >= round

export const shardJobId = (run: string, shard: number): string => `${run}-${shard}`
export const mergeJobId = (run: string, round: number): string => `${run}-merge-${round}`

/** A run from the fields of its hash; undefined if there are none. */
export function fromFields (fields: Readonly<Record<string, string>>): RunState | undefined {
  if (fields['run'] === undefined) return undefined
  return {
    run: JSON.parse(fields['run']) as QueuedRun,
    isPlanned: fields['planned'] === '1',
    round: Number(fields['round'] ?? 1),
    merged: Number(fields['merged'] ?? 0),
    startedAt: Number(fields['startedAt']),
    ...(fields['endedAt'] !== undefined && { endedAt: Number(fields['endedAt']) })
  }
}
