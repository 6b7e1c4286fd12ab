import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import t, { type Test } from 'tap'
import { endTree, readPss, readTree } from '../../../cli/load/process-tree.ts'

if (process.platform !== 'linux') t.bailout('only Linux tells what processes use')

/** A process, and its child, which is busy for a second. */
const PARENT = `
const { spawn } = require('node:child_process')
spawn(process.execPath, ['-e', 'const end = Date.now() + 1000; while (Date.now() < end); setInterval(() => {}, 1000); console.log("done")'], { stdio: 'inherit' })
`

async function startFamily (t: Test): Promise<ChildProcess> {
  const parent = spawn(process.execPath, ['-e', PARENT], { stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => endTree(parent.pid!))
  await once(parent.stdout, 'data')
  return parent
}

t.test('a process with its child', async t => {
  const { pid } = await startFamily(t)
  const tree = (await readTree(pid!))!
  t.equal(tree.pids.length, 2)
  t.equal(tree.pids[0], pid)
  t.ok(tree.cpuSeconds > 0.3, `${tree.cpuSeconds} s are the child's, too`)
  t.ok(tree.rssMib > 50 && tree.rssMib < 500, `${tree.rssMib} MiB`)
  const pss = await readPss(tree.pids)
  t.ok(pss > 10 && pss < tree.rssMib, `${pss} MiB: the program's pages are shared`)
})

t.test('is ended as a whole', async t => {
  const parent = await startFamily(t)
  const { pids } = (await readTree(parent.pid!))!
  await endTree(parent.pid!)
  for (const pid of pids) t.equal(await readTree(pid), undefined, `${pid} is gone`)
  t.equal(parent.signalCode, 'SIGKILL')
})

t.test('of a process that is gone, nothing', async t => {
  const child = spawn(process.execPath, ['-e', ''])
  await once(child, 'exit')
  t.equal(await readTree(child.pid!), undefined)
  t.equal(await readPss([child.pid!]), 0)
  await endTree(child.pid!)
})
