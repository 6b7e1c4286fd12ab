/** Which images were in work when a machine died: they may be the reason. */

/** Kept in Redis with the job, and small: written four times a second. */
export interface Progress {
  /** Images of the shard with a line, and those of them that failed. */
  readonly done: number
  readonly failed: number
  /** Names of images in work. */
  readonly inWork: readonly string[]
  /** The names that were in work each time a machine died. */
  readonly deaths: readonly (readonly string[])[]
}

const MAX_NAMES = 64
const MAX_LENGTH = 300
const MAX_DEATHS = 3

export const NO_PROGRESS: Progress = { done: 0, failed: 0, inWork: [], deaths: [] }

/** What a job starts with: what its previous start left, if its machine died. @param left from Redis, in whatever form */
export function startOf (left: unknown): Progress {
  const { inWork, deaths } = isProgress(left) ? left : NO_PROGRESS
  return { ...NO_PROGRESS, deaths: [...deaths, ...(inWork.length > 0 ? [inWork] : [])].slice(-MAX_DEATHS) }
}

/** Bounds what Redis keeps. */
export const shortened = (names: Iterable<string>): string[] => [...names].slice(0, MAX_NAMES).map(name => name.slice(0, MAX_LENGTH))

/** The images that were in work at every death; if none were, those of the last. */
export function suspectsOf (left: unknown): readonly string[] {
  const { deaths } = startOf(left)
  const [first = [], ...others] = deaths
  const always = first.filter(name => others.every(names => names.includes(name)))
  return always.length > 0 ? always : deaths.at(-1) ?? []
}

function isProgress (value: unknown): value is Progress {
  const { inWork, deaths } = (value ?? {}) as Partial<Progress>
  return Array.isArray(inWork) && Array.isArray(deaths)
}
