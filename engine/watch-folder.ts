import { setTimeout as sleep } from 'node:timers/promises'
import { areEqual, fileStates } from './model-files.ts'

const INTERVAL = 1000

/**
 * Calls back when files of a folder have changed and then kept their sizes and times for an interval, so that files
 * still being copied are not read. It polls, because file systems in containers and over networks send no events.
 * @param interval milliseconds
 * @returns a function that ends it
 */
export function watchFolder (folder: string, onChange: () => Promise<void>, interval = INTERVAL): () => void {
  const controller = new AbortController()
  const watch = async (): Promise<void> => {
    let handled = await fileStates(folder)
    for (let last = handled; await pause(interval, controller.signal);) {
      const now = await fileStates(folder)
      if (areEqual(now, last) && !areEqual(now, handled)) {
        handled = now
        await onChange()
      }
      last = now
    }
  }
  watch()
  return () => controller.abort()
}

/** @returns whether it goes on */
const pause = (ms: number, signal: AbortSignal): Promise<boolean> =>
  sleep(ms, true, { signal, ref: false }).catch(() => false)
