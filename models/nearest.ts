import { distance } from 'fastest-levenshtein'

/** Maximum length of a name to suggest others for: a longer one is hardly a typo, and slow to compare. */
const MAX_COMPARED = 64

/** How many names to suggest, and how many edits away. */
export interface NearestOptions { readonly count: number, readonly maxEdits?: number }

/** The names closest to `wanted`, ignoring case, nearest first; none if `wanted` is long. */
export function nearest (wanted: string, names: readonly string[], { count, maxEdits = Infinity }: NearestOptions): string[] {
  if (wanted.length > MAX_COMPARED) return []
  const compared = names.map(name => ({ name, edits: distance(name.toLowerCase(), wanted.toLowerCase()) }))
  const near = compared.filter(({ edits }) => edits <= maxEdits).sort((a, b) => a.edits - b.edits)
  return near.slice(0, count).map(({ name }) => name)
}
