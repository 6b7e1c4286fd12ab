/** Resources of a process and its descendants. Only on Linux (proc(5)). */
import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

export interface TreeUsage {
  /** The process, and its descendants. */
  readonly pids: readonly number[]
  /** Processor time since they started, and that of descendants that have ended. */
  readonly cpuSeconds: number
  /** Resident memory; pages shared by several processes count in each. */
  readonly rssMib: number
}

interface Stat { readonly pid: number, readonly state: string, readonly parent: number, readonly cpuSeconds: number }

/** Clock ticks per second: USER_HZ, the same on all platforms of Node. */
const TICKS = 100
const KIB_PER_MIB = 1024
const POLL = 10

/** undefined if the process has ended, or on other systems. */
export async function readTree (root: number): Promise<TreeUsage | undefined> {
  const tree = treeFrom(root, await readAll())
  if (!isRunning(tree[0])) return undefined
  const pids = tree.map(({ pid }) => pid)
  const rss = await Promise.all(pids.map(pid => readKib(`/proc/${pid}/status`, 'VmRSS')))
  return { pids, cpuSeconds: sum(tree.map(stat => stat.cpuSeconds)), rssMib: sum(rss) / KIB_PER_MIB }
}

/** Proportional memory of some processes in MiB: a page that n processes share counts as 1/n in each. */
export async function readPss (pids: readonly number[]): Promise<number> {
  return sum(await Promise.all(pids.map(pid => readKib(`/proc/${pid}/smaps_rollup`, 'Pss')))) / KIB_PER_MIB
}

/** Kills a process and its descendants, and waits until they have ended. */
export async function endTree (root: number): Promise<void> {
  const pids = (await readTree(root))?.pids ?? [root]
  pids.forEach(kill)
  while ((await Promise.all(pids.map(readStat))).some(isRunning)) await sleep(POLL)
}

function treeFrom (root: number, all: readonly Stat[]): Stat[] {
  const own = all.find(({ pid }) => pid === root)
  if (!own) return []
  return [own, ...all.filter(({ parent }) => parent === root).flatMap(({ pid }) => treeFrom(pid, all))]
}

async function readAll (): Promise<Stat[]> {
  const names = await readdir('/proc').catch(() => [])
  const stats = await Promise.all(names.filter(name => /^\d+$/.test(name)).map(name => readStat(Number(name))))
  return stats.filter(stat => stat !== undefined)
}

/** The second field is the program's name in parentheses, and may contain anything. utime, stime, cutime and cstime are fields 14 to 17. */
async function readStat (pid: number): Promise<Stat | undefined> {
  const text = await readIfThere(`/proc/${pid}/stat`)
  if (text === undefined) return undefined
  const [state, parent, ...rest] = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return { pid, state: state!, parent: Number(parent), cpuSeconds: sum(rest.slice(9, 13).map(Number)) / TICKS }
}

/** A line `NAME:  1234 kB`; 0 if it is missing. */
async function readKib (path: string, name: string): Promise<number> {
  const text = await readIfThere(path)
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text ?? '')?.[1] ?? 0)
}

const readIfThere = (path: string): Promise<string | undefined> => readFile(path, 'utf8').catch(() => undefined)

/** A zombie has ended, but its parent has not read its exit code. */
const isRunning = (stat: Stat | undefined): boolean => stat !== undefined && stat.state !== 'Z' && stat.state !== 'X'

function kill (pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {} // it has ended meanwhile
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
