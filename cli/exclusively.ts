import { readFileSync, utimesSync } from 'node:fs'
import { rm, stat, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { CommandError } from './errors.ts'
import { fileError } from './files.ts'

/** A holder renews its file this often, in milliseconds; one that was not renewed for much longer is left over. */
const RENEWAL = 5000
const LEFT_OVER = 60_000
const POLL = 50

const holderSchema = z.object({ pid: z.int(), host: z.string() })
const held = new Set<string>()

/**
 * Runs `work` while no other process, and nothing else in this one, does so with the same path. A process that was
 * killed does not block it.
 * @param patience milliseconds to wait for others
 * @param command that holds it, for the error
 * @throws CommandError if another process holds the path; what `work` throws
 */
export async function exclusively<T> (path: string, patience: number, command: string, work: () => Promise<T>): Promise<T> {
  const end = performance.now() + patience
  while (!await take(path)) {
    if (performance.now() >= end) throw new CommandError(`${path}: another ${command} is running`)
    await sleep(POLL)
  }
  const renewal = setInterval(() => renew(path), RENEWAL)
  try {
    return await work()
  } finally {
    clearInterval(renewal)
    await rm(path, { force: true })
    held.delete(path)
  }
}

async function take (path: string): Promise<boolean> {
  if (held.has(path)) return false
  held.add(path) // at once: nothing else in this process may look at the file from here on
  const isTaken = await create(path).catch(error => {
    held.delete(path)
    throw error
  })
  if (!isTaken) held.delete(path)
  return isTaken
}

async function create (path: string): Promise<boolean> {
  if (await isLeftOver(path)) await rm(path, { force: true })
  try {
    await writeFile(path, JSON.stringify({ pid: process.pid, host: hostname() }), { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw fileError(path, error)
  }
}

async function isLeftOver (path: string): Promise<boolean> {
  const file = await stat(path).catch(() => undefined)
  if (!file) return false
  return Date.now() - file.mtimeMs > LEFT_OVER || !mayRun(path)
}

/** Process ids mean something on their own host only. */
function mayRun (path: string): boolean {
  const { pid, host } = holderOf(path) ?? {}
  if (pid === undefined || host !== hostname()) return true
  if (pid === process.pid) return false // of an earlier process: ids of containers repeat
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** undefined while the file is being written or removed. */
function holderOf (path: string): z.infer<typeof holderSchema> | undefined {
  try {
    return holderSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    return undefined
  }
}

function renew (path: string): void {
  try {
    utimesSync(path, new Date(), new Date())
  } catch {} // removed by hand
}
