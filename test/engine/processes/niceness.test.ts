import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { getPriority } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { stepBack } from '../../../engine/processes/niceness.ts'

async function leader (t: Test): Promise<number> {
  const child = spawn(process.execPath, ['-e', 'console.log(1); setInterval(() => {}, 1000)'], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] })
  t.teardown(() => child.kill())
  await once(child.stdout, 'data')
  return child.pid!
}

t.test('a process steps back, and so does its group', async t => {
  const pids = await Promise.all([leader(t), leader(t)])
  for (const pid of pids) stepBack(pid, 3)
  for (const pid of pids) {
    t.equal(getPriority(pid), getPriority() + 3)
    const group = `/proc/${pid}/autogroup`
    if (!existsSync(group)) continue
    while (!readFileSync(group, 'utf8').endsWith(`nice ${getPriority() + 3}\n`)) await sleep(20)
  }
  stepBack(pids[0]!, 40)
  t.equal(getPriority(pids[0]!), 19, 'no more than there is')
})
