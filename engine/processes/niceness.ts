/** The priority of processes. */
import { writeFile } from 'node:fs/promises'
import { getPriority, setPriority } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'

const MAX = 19
/** Linux lets users without privileges change one group in a tenth of a second. */
const TRIES = 50
const PAUSE = 110

/**
 * Gives a process that leads a session a lower priority than this process. Where Linux groups processes by session (autogroups, the default
 * of many distributions), groups share the processor, and niceness counts only within one: so the group gets it, too.
 * https://man7.org/linux/man-pages/man7/sched.7.html
 * @param steps added to this process's nice value, from 0
 */
export function stepBack (pid: number, steps: number): void {
  const niceness = Math.min(MAX, getPriority() + steps)
  setPriority(pid, niceness)
  setGroup(pid, niceness).catch(() => {}) // without autogroups, or not permitted
}

async function setGroup (pid: number, niceness: number): Promise<void> {
  for (let i = 1; ; i++) {
    try {
      return await writeFile(`/proc/${pid}/autogroup`, String(niceness), { flag: 'r+' })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN' || i === TRIES) throw error
      await sleep(PAUSE * (1 + Math.random()), undefined, { ref: false })
    }
  }
}
