import { RE2JS } from 're2js'
import { ApiError } from '../../errors.ts'

/** Maximum length of a pattern. */
const MAX_LENGTH = 256
/** Repetition counts, which multiply a pattern's size: a short pattern could hold up the event loop. */
const COUNTED_REPEAT = /\{\d/
/** Unicode classes, which expand to hundreds of ranges; Python's re has none. */
const UNICODE_CLASS = /\\p/i

export type MatchesLabel = (label: string) => boolean

/**
 * A regular expression for labels, anchored at the start like Python's re.match. Its time is linear in its
 * length and the label's: RE2 has neither lookaround nor backreferences.
 * @param name the name of the pattern in the error
 * @throws ApiError INVALID_PARAMETER
 */
export function labelPattern (pattern: string, name: string): MatchesLabel {
  if (pattern.length > MAX_LENGTH) throw invalid(`${name}: expected at most ${MAX_LENGTH} characters`)
  if (COUNTED_REPEAT.test(pattern)) throw invalid(`${name}: counted repeats like {2} are not supported`)
  if (UNICODE_CLASS.test(pattern)) throw invalid(`${name}: classes like \\p{Lu} are not supported`)
  const compiled = compile(pattern, name)
  const known = new Map<string, boolean>() // cache by label
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
