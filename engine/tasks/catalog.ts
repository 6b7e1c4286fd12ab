import type { Bytes } from '../chunks.ts'

/** The list of tasks. A task's code and its native libraries load when first needed. */
export const CATALOG = {
  detect: { pool: 'main', load: async () => (await import('./detect.ts')).detect },
  classify: { pool: 'main', load: async () => (await import('./classify.ts')).classify },
  features: { pool: 'inspection', load: async () => (await import('./features.ts')).features },
  explain: { pool: 'inspection', load: async () => (await import('./explain.ts')).explain },
  profile: { pool: 'inspection', load: async () => (await import('./profile.ts')).profile },
  infer: { pool: 'inspection', load: async () => (await import('./infer.ts')).infer }
} as const satisfies Record<string, CatalogEntry>

/**
 * Workers of the main pool have every loaded model ready and never compile. The inspection pool is one worker, which
 * starts when first needed and builds networks on request.
 */
export type PoolName = 'main' | 'inspection'

interface CatalogEntry { readonly pool: PoolName, readonly load: () => Promise<unknown> }

export type TaskName = keyof typeof CATALOG
type TaskOf<N extends TaskName> = Awaited<ReturnType<typeof CATALOG[N]['load']>>
export type InputOf<N extends TaskName> = Parameters<TaskOf<N>['run']>[1]
/** The same with bytes that may be in pieces, which a worker joins. */
export type SentInputOf<N extends TaskName> = Sent<InputOf<N>>
export type OutputOf<N extends TaskName> = Awaited<ReturnType<TaskOf<N>['run']>>

type Sent<Input> = Input extends { readonly bytes: Uint8Array } ? Omit<Input, 'bytes'> & { readonly bytes: Bytes } : never

export const TASK_NAMES = Object.keys(CATALOG) as TaskName[]
