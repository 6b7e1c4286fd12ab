import type { FastifyRequest } from 'fastify'
import { toApiError, type ApiError, type ErrorCode } from '../errors.ts'

const OF_AN_IMAGE: readonly ErrorCode[] = ['EMPTY_BODY', 'UNSUPPORTED_IMAGE', 'CORRUPT_IMAGE', 'IMAGE_TOO_LARGE']

/**
 * The result for one of several images. An image's error takes its place, and is kept in the
 * request's record. Errors of the request or the server are thrown.
 */
export async function imageOrFailure<T> (
  request: FastifyRequest, find: () => Promise<T>, toResult: (failure: ApiError) => T
): Promise<T> {
  try {
    return await find()
  } catch (error) {
    const failure = toApiError(error)
    if (!OF_AN_IMAGE.includes(failure.code)) throw error
    request.record.failures.push(failure)
    return toResult(failure)
  }
}
