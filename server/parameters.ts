import { z } from 'zod'
import { ApiError } from './errors.ts'

/** Maximum number of unknown parameters in an error. */
const MAX_NAMED = 10

type Values = Readonly<Record<string, unknown>>

/**
 * Checks a request's parameters: those of the query, form fields, and members of JSON.
 * @throws ApiError INVALID_PARAMETER naming each that is unknown, given twice, or out of its range
 */
export function parseParameters<S extends z.ZodObject> (schema: S, query: unknown, more: Values = {}): z.output<S> {
  const given = { ...query as Values }
  for (const [name, value] of Object.entries(more)) {
    if (Object.hasOwn(given, name) && given[name] !== value) throw new ApiError('INVALID_PARAMETER', `${name}: given twice, in the query and in the body`)
    Object.defineProperty(given, name, { value, enumerable: true, writable: true, configurable: true }) // also __proto__
  }
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  throw new ApiError('INVALID_PARAMETER', describeIssues(parsed.error.issues, Object.keys(schema.shape)))
}

/** Describes invalid parameters in one line. @param known the names of all parameters */
export function describeIssues (issues: readonly z.core.$ZodIssue[], known: readonly string[]): string {
  return issues.map(issue => issue.code === 'unrecognized_keys' ? unknown(issue.keys, known) : `${issue.path.join('.')}: ${issue.message}`).join('; ')
}

function unknown (names: readonly string[], known: readonly string[]): string {
  const named = names.slice(0, MAX_NAMED).map(name => name.slice(0, 64)).join(', ')
  const more = names.length > MAX_NAMED ? ` and ${names.length - MAX_NAMED} more` : ''
  return `unknown ${names.length === 1 ? 'parameter' : 'parameters'} ${named}${more}; known are ${known.join(', ')}`
}
