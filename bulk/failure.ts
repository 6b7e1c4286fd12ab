/** Why an image has no result, under the codes of docs/errors.md. */
import { ImageError, WorkerError } from '../engine/errors.ts'
import { UnreadableError } from './errors.ts'

/** The codes, and whether another try can end otherwise while the bytes are the same. */
export const FAILURE_CODES = {
  EMPTY_BODY: false,
  UNSUPPORTED_IMAGE: false,
  CORRUPT_IMAGE: false,
  IMAGE_TOO_LARGE: false,
  INFERENCE_FAILED: true,
  UNREADABLE: true,
  NOT_PROCESSED: true
} as const satisfies Record<string, boolean>

export type FailureCode = keyof typeof FAILURE_CODES

export interface Failure { readonly code: FailureCode, readonly message: string }

/** The failure of an image. @returns undefined for errors that are not the image's: the run ends with them */
export function toFailure (error: unknown): Failure | undefined {
  if (error instanceof UnreadableError) return { code: 'UNREADABLE', message: error.message }
  if (error instanceof ImageError) return { code: error.code === 'EMPTY_IMAGE' ? 'EMPTY_BODY' : error.code, message: error.message }
  if (error instanceof WorkerError) return { code: 'INFERENCE_FAILED', message: withoutId(error.message) }
  return undefined
}

/** Process ids differ from run to run; results do not. */
const withoutId = (message: string): string => message.replace(/ process \d+/, ' process')
