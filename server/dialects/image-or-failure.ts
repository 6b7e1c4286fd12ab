import type { FastifyRequest } from 'fastify'
import { toApiError, type ApiError, type ErrorCode } from '../errors.ts'

const OF_AN_IMAGE: readonly ErrorCode[] = ['EMPTY_BODY', 'UNSUPPORTED_IMAGE', 'CORRUPT_IMAGE', 'IMAGE_TOO_LARGE']

/**
 * The result for one of several images. What is wrong with the image is answered in its place, and kept in the
 * request's record. What is wrong with the request or the server is thrown.
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
