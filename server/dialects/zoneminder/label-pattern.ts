import { RE2JS } from 're2js'
import { ApiError } from '../../errors.ts'

/** Characters of one pattern. */
const MAX_LENGTH = 256
/** They multiply a pattern's size, so that a short one could hold up the event loop. */
const COUNTED_REPEAT = /\{\d/
/** Each is hundreds of ranges, and Python's re has none. */
const UNICODE_CLASS = /\\p/i

export type MatchesLabel = (label: string) => boolean

/**
 * A regular expression on labels, which matches from the beginning as Python's re.match does. Its time is linear in its
 * length and the label's: RE2 knows no lookaround and no references back.
 * @param name what the pattern is called in the error
 * @throws ApiError INVALID_PARAMETER
 */
export function labelPattern (pattern: string, name: string): MatchesLabel {
  if (pattern.length > MAX_LENGTH) throw invalid(`${name}: expected at most ${MAX_LENGTH} characters`)
  if (COUNTED_REPEAT.test(pattern)) throw invalid(`${name}: counted repeats like {2} are not supported`)
  if (UNICODE_CLASS.test(pattern)) throw invalid(`${name}: classes like \\p{Lu} are not supported`)
  const compiled = compile(pattern, name)
  const known = new Map<string, boolean>() // objects share labels
  return label => {
    const matches = known.get(label) ?? compiled.matcher(label).lookingAt()
    known.set(label, matches)
    return matches
  }
}

function compile (pattern: string, name: string): RE2JS {
  try {
    return RE2JS.compile(pattern)
  } catch (cause) {
    throw invalid(`${name}: expected a regular expression without lookaround: ${(cause as Error).message}`)
  }
}

const invalid = (message: string): ApiError => new ApiError('INVALID_PARAMETER', message.slice(0, 400))
