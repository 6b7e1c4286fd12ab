import { spawn } from 'node:child_process'
import { once } from 'node:events'
import t from 'tap'
import { Interruption } from '../../cli/interruption.ts'

/** A program that goes on after the first signal, and says what it sees. */
const PROGRAM = `
import { Interruption } from ${JSON.stringify(new URL('../../cli/interruption.js', import.meta.url).href)}
const interruption = new Interruption(() => console.log('first'))
interruption.signal.addEventListener('abort', () => console.log('aborted', interruption.exitCode))
setInterval(() => {}, 1000)
console.log('ready')`

for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143]] as const) {
  t.test(`${signal} aborts; another ends the process`, async t => {
    const { NODE_OPTIONS, ...env } = process.env // signals are handled by what tap preloads
    const child = spawn(process.execPath, ['--input-type=module', '--eval', PROGRAM], { env, stdio: ['ignore', 'pipe', 'inherit'] })
    t.teardown(() => child.kill('SIGKILL'))
    let said = ''
    child.stdout.on('data', chunk => {
      said += chunk
      if (/ready\n$|aborted \d+\n$/.test(said)) child.kill(signal)
    })
    t.same(await once(child, 'close'), [code, null])
    t.equal(said, `ready\nfirst\naborted ${code}\n`)
  })
}

t.test('handlers are removed at the end', async t => {
  const before = process.listenerCount('SIGINT')
  const interruption = new Interruption(() => {})
  t.equal(process.listenerCount('SIGINT'), before + 1)
  interruption.end()
  t.equal(process.listenerCount('SIGINT'), before)
  t.equal(interruption.exitCode, undefined)
  t.notOk(interruption.signal.aborted)
})

t.test('the first signal aborts the run', async t => {
  let count = 0
  const interruption = new Interruption(() => count++)
  process.emit('SIGTERM', 'SIGTERM')
  interruption.end()
  t.same([count, interruption.exitCode, interruption.signal.aborted], [1, 143, true])
})
