import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { StallTimer } from '../../../cli/pull/stall-timer.ts'

const never = new AbortController().signal

t.test('aborts when nothing happens', async t => {
  const stall = new StallTimer(30, never)
  await sleep(60)
  t.ok(stall.signal.aborted && stall.hasFired)
})

t.test('progress puts it off, and it can be stopped', async t => {
  const stall = new StallTimer(100, never)
  for (let i = 0; i < 4; i++) {
    await sleep(40)
    stall.progress()
  }
  t.notOk(stall.signal.aborted)
  stall.stop()
  await sleep(150)
  t.notOk(stall.signal.aborted)
})

t.test('aborts with the signal that it is given', async t => {
  const controller = new AbortController()
  const stall = new StallTimer(60_000, controller.signal)
  controller.abort()
  t.strictSame([stall.signal.aborted, stall.hasFired], [true, false])
  stall.stop()
})
