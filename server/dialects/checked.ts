import type { z } from 'zod'
import { ApiError } from '../errors.ts'
import { describeIssues } from '../parameters.ts'

/** Maximum length of an error message: a large body can have many errors. */
const MAX_LENGTH = 400

/**
 * Checks a client's value against a schema.
 * @param known the names of all parameters, for errors about unknown ones
 * @throws ApiError INVALID_PARAMETER
 */
export function checked<S extends z.ZodType> (schema: S, given: unknown, known: readonly string[] = []): z.output<S> {
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  throw new ApiError('INVALID_PARAMETER', describeIssues(parsed.error.issues, known).slice(0, MAX_LENGTH))
}
