/** Real models, read by a real loader process, for tests of what runs them. */
import { readFileSync } from 'node:fs'
import type { Test } from 'tap'
import type { Origin } from '../../engine/models/origin.ts'
import { Version } from '../../engine/models/version.ts'
import { LoaderProcess } from '../../engine/processes/loader-process.ts'
import { DEFAULT_OPTIONS } from '../../engine/options.ts'
import { photo } from './files.ts'

export const BUILT_IN: Origin = { builtIn: 'nanodet-m-416', precision: 'fp32' }

/** A version as the loader makes it. */
export async function readVersion (t: Test, origin = BUILT_IN, id = 'm#1'): Promise<Version> {
  const loader = new LoaderProcess()
  t.teardown(() => loader.close())
  const { info, parts } = await loader.read(origin)
  await loader.close()
  return new Version(id, info, parts)
}

/** A photo of a person with a tie, as the detect task takes it. */
export const person = (bytes: Uint8Array = photo('sample-me.jpg')) => ({ bytes, maxPixels: 50e6, options: DEFAULT_OPTIONS })

/** Waits until something holds. Fails after some seconds. */
export async function until (holds: () => boolean | Promise<boolean>, seconds = 10): Promise<number> {
  const start = performance.now()
  while (!await holds()) {
    if (performance.now() - start > seconds * 1000) throw new Error(`not within ${seconds} s: ${holds}`)
    await new Promise(resolve => setTimeout(resolve, 5))
  }
  return performance.now() - start
}

/** Whether a process lives. One that has ended, and that nobody has asked about yet, does not. */
export function isAlive (pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' && process.platform !== 'linux'
  }
}
