import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { CHANNEL_FD, CHANNEL_VARIABLE } from '../../../engine/processes/channel.ts'
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
