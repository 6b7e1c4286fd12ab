import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'

const V2 = '/sys/fs/cgroup/cpu.max'
const V1 = ['/sys/fs/cgroup/cpu/cpu.cfs_quota_us', '/sys/fs/cgroup/cpu/cpu.cfs_period_us'] as const

type Read = (path: string) => string | undefined

/** Cores that this process may use: those of the machine, or fewer where its container has a quota (cgroup v2 or v1). At least 1. */
export function availableCpus (read: Read = readIfThere, cores = availableParallelism()): number {
  const quota = quotaV2(read) ?? quotaV1(read) ?? Infinity
  return Math.max(1, Math.floor(Math.min(cores, quota)))
}

/** `max 100000`, or microseconds of quota and period. */
function quotaV2 (read: Read): number | undefined {
  const [quota, period] = (read(V2) ?? '').trim().split(' ').map(Number)
  return ratio(quota, period)
}

function quotaV1 (read: Read): number | undefined {
  const [quota, period] = V1.map(path => Number(read(path)))
  return ratio(quota, period)
}

const ratio = (quota = NaN, period = NaN): number | undefined => quota > 0 && period > 0 ? quota / period : undefined

function readIfThere (path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
