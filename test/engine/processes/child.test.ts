import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { CHANNEL_FD, CHANNEL_VARIABLE } from '../../../engine/processes/channel.ts'
import { ProcessHandle } from '../../../engine/processes/process-handle.ts'
import type { TestCalls } from '../../support/child-program.ts'
import { isAlive, until } from '../../support/versions.ts'

const PROGRAM = fileURLToPath(new URL('../../support/child-program.js', import.meta.url))
/** A parent that says who its child is, and then does nothing. */
const PARENT = `
  const { spawn } = require('node:child_process')
  const env = { ...process.env, ${CHANNEL_VARIABLE}: '${CHANNEL_FD}' }
  const child = spawn(process.execPath, [process.argv[1]], { env, stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
  child.stdio[${CHANNEL_FD}].once('data', () => console.log(child.pid))
  setInterval(() => {}, 1000)`

t.test('it ends when its parent is gone, also when that was killed', async t => {
  const parent = spawn(process.execPath, ['-e', PARENT, PROGRAM])
  const [output] = await once(parent.stdout, 'data')
  const pid = Number(output)
  t.ok(isAlive(pid))
  parent.kill('SIGKILL')
  t.ok(await until(() => !isAlive(pid)) < 1000)
})

t.test('without a parent it does not even start', async t => {
  const [code] = await once(spawn(process.execPath, [PROGRAM]), 'exit')
  t.equal(code, 0)
})

t.test('it keeps nothing of the calls that it has answered', async t => {
  const child = new ProcessHandle<TestCalls>({ path: PROGRAM, niceness: 0 }, () => {})
  t.teardown(() => child.close())
  const call = (count: number) => Promise.all(Array.from({ length: count }, (_, i) => child.call('add', [i, 1])))
  for (let i = 0; i < 10; i++) await call(2000) // compiled code is kept, too
  const before = await child.call('heap', undefined as never)
  for (let i = 0; i < 10; i++) await call(2000)
  const grown = await child.call('heap', undefined as never) - before
  t.ok(grown < 500_000, `${grown} bytes after 20,000 calls`)
})
