import { distance } from 'fastest-levenshtein'

const SUGGESTIONS = 3
/** Characters of a name that others are suggested for: a longer one is hardly a typo, and takes long to compare with all. */
const MAX_COMPARED = 64

/** The names most like one that does not exist, most similar first; none where it is long. */
export function nearestNames (wanted: string, names: readonly string[]): string[] {
  if (wanted.length > MAX_COMPARED) return []
  const compared = names.map(name => ({ name, edits: distance(name, wanted) }))
  return compared.sort((a, b) => a.edits - b.edits).slice(0, SUGGESTIONS).map(({ name }) => name)
}
