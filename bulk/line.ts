import type { toReply } from '../engine/reply.ts'
import type { Failure } from './failure.ts'

type Reply = ReturnType<typeof toReply>

interface OfImage {
  /** The item's name. */
  readonly file: string
  /** The item's stamp when it was read. */
  readonly stamp: string
  /** Of the bytes, in hexadecimal; an empty text if they could not be read. */
  readonly sha256: string
}

/** The result of an image: as POST /detect answers it, with more digits. */
export interface ResultLine extends OfImage, Reply {}

/** Why an image has no result. */
export interface FailedLine extends OfImage { readonly error: Failure }

/** A line of results.jsonl. Each image has one. */
export type Line = ResultLine | FailedLine

export const hasFailed = (line: Line): line is FailedLine => 'error' in line
