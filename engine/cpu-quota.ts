import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { posix } from 'node:path'

const ROOT = '/sys/fs/cgroup'
const SELF = '/proc/self/cgroup'

type Read = (path: string) => string | undefined

/** A line of /proc/self/cgroup: controllers (none for v2) and the path of the process's cgroup. */
interface Membership { readonly controllers: readonly string[], readonly path: string }

/**
 * Cores that this process may use: the machine's, or fewer if its cgroup or one above it has a CPU quota (v2, v1 or both). At least 1.
 * A container sees its own cgroup as the root; a systemd unit has a path below it.
 */
export function availableCpus (read: Read = readIfThere, cores = availableParallelism()): number {
  const quotas = foldersOf(memberships(read(SELF) ?? '')).map(folder => quotaV2(read, folder) ?? quotaV1(read, folder) ?? Infinity)
  return Math.max(1, Math.floor(Math.min(cores, ...quotas)))
}

/** `0::/system.slice/a.service` in v2, `4:cpu,cpuacct:/docker/1f` in v1. */
function memberships (text: string): Membership[] {
  return text.split('\n').flatMap(line => {
    const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? []
    return path === undefined ? [] : [{ controllers: controllers!.split(',').filter(name => name !== ''), path }]
  })
}

/** Folders that may hold a quota: of each cgroup, from the process's own up to the root, under every name that v1 mounts have. */
function foldersOf (all: readonly Membership[]): string[] {
  const own = all.flatMap(({ controllers, path }) => {
    const folders = ancestors(posix.normalize(path))
    return mountsOf(controllers).flatMap(mount => folders.map(folder => posix.join(mount, folder)))
  })
  return [...new Set([...own, ROOT, `${ROOT}/cpu`, `${ROOT}/cpu,cpuacct`])]
}

function mountsOf (controllers: readonly string[]): string[] {
  if (controllers.length === 0) return [ROOT, `${ROOT}/unified`]
  return controllers.includes('cpu') ? [`${ROOT}/${controllers.join(',')}`, `${ROOT}/cpu`] : []
}

/** `/a/b` → `/a/b`, `/a`, `/`. Parts that lead out of the namespace (`/../b`) end at its root. */
function ancestors (path: string): string[] {
  const parent = posix.dirname(path)
  return parent === path ? [path] : [path, ...ancestors(parent)]
}

/** `max 100000`, or microseconds of quota and period. */
function quotaV2 (read: Read, folder: string): number | undefined {
  const [quota, period] = (read(`${folder}/cpu.max`) ?? '').trim().split(' ').map(Number)
  return ratio(quota, period)
}

function quotaV1 (read: Read, folder: string): number | undefined {
  return ratio(Number(read(`${folder}/cpu.cfs_quota_us`)), Number(read(`${folder}/cpu.cfs_period_us`)))
}

const ratio = (quota = NaN, period = NaN): number | undefined => quota > 0 && period > 0 ? quota / period : undefined

function readIfThere (path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
