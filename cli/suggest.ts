import { nearest } from '../models/nearest.ts'

const MAX_EDITS = 4

/** `; did you mean X?` if one of the names resembles the wrong one, else nothing. Short names allow fewer edits. */
export function suggest (wrong: string, names: readonly string[], prefix = ''): string {
  const maxEdits = Math.min(MAX_EDITS, Math.ceil(wrong.length / 3))
  const [near] = nearest(wrong, names, { count: 1, maxEdits })
  return near === undefined ? '' : `; did you mean ${prefix}${near}?`
}
