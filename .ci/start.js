/** A signal to npm ends `npm start` with all of its processes: 0 once the server logs, that or the signal before. */
import assert from 'node:assert/strict'
import { setTimeout as wait } from 'node:timers/promises'
import { end, killGroup, output, start } from './server.js'

const ready = ({ logged }) => logged(/^ready$/)
const after = ms => () => wait(ms)
const CASES = [
  ['SIGTERM', 'when ready', ready],
  ['SIGINT', 'when ready', ready],
  ['SIGTERM', 'as soon as it listens', ({ logged }) => logged(/listening at/)],
  ...[100, 500, 1000, 2000, 3000].map(ms => ['SIGTERM', `after ${ms} ms`, after(ms)])
]

for (const [signal, when, moment] of CASES) {
  const npm = start('npm', ['start'])
  try {
    await moment(npm)
    const outcome = await end(npm, signal)
    console.log(`${signal} ${when}: ${outcome}, no process left`)
    assert.ok(outcome === 'exit 0' || (npm.lines.length === 0 && [signal, 'exit 143'].includes(outcome)), outcome)
    assert.deepEqual(npm.lines.filter(({ level }) => level >= 50), [])
  } catch (error) {
    console.error(output(npm))
    throw error
  } finally {
    killGroup(npm)
  }
}
