import type { z } from 'zod'
import { ApiError } from '../errors.ts'
import { describeIssues } from '../parameters.ts'

/** Characters of a complaint: a body of megabytes can be wrong in many places. */
const MAX_LENGTH = 400

/**
 * What a client sent, as its schema has it.
 * @param known the names of all parameters, for a complaint about others
 * @throws ApiError INVALID_PARAMETER
 */
export function checked<S extends z.ZodType> (schema: S, given: unknown, known: readonly string[] = []): z.output<S> {
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  throw new ApiError('INVALID_PARAMETER', describeIssues(parsed.error.issues, known).slice(0, MAX_LENGTH))
}
