import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { isAlive, until } from '../../support/versions.ts'

const PROGRAM = fileURLToPath(new URL('../../support/child-program.js', import.meta.url))
/** A parent that says who its child is, and then does nothing. */
const PARENT = `
  const { fork } = require('node:child_process')
  const child = fork(process.argv[1], [], { serialization: 'advanced' })
  child.once('message', () => console.log(child.pid))
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
