import { getEventListeners } from 'node:events'
import t from 'tap'
import { waitUntil, type Waiter, type WaitOptions } from '../../engine/wait-until.ts'

function enter (options: WaitOptions = {}) {
  const waiting = new Set<Waiter<string>>()
  const result = waitUntil<string>(options, () => new Error('late'), waiter => {
    waiting.add(waiter)
    return () => waiting.delete(waiter)
  })
  return { result, waiting }
}

t.test('whoever waits gets what the waiter is given, and waits no more', async t => {
  const { signal } = new AbortController()
  const { result, waiting } = enter({ deadline: performance.now() + 60_000, signal })
  t.equal(getEventListeners(signal, 'abort').length, 1)
  for (const { resolve } of waiting) resolve('here')
  t.equal(waiting.size, 0)
  t.equal(await result, 'here')
  t.equal(getEventListeners(signal, 'abort').length, 0)
  const refused = enter()
  for (const { reject } of refused.waiting) reject(new Error('no'))
  await t.rejects(refused.result, { message: 'no' })
})

t.test('the deadline passes, also one that has passed before', async t => {
  for (const ms of [20, -5]) {
    const { result, waiting } = enter({ deadline: performance.now() + ms })
    await t.rejects(result, { message: 'late' })
    t.equal(waiting.size, 0)
  }
})

t.test('the client leaves, or has left before', async t => {
  const client = new AbortController()
  const { result, waiting } = enter({ signal: client.signal })
  client.abort()
  await t.rejects(result, { name: 'AbortedError' })
  t.equal(waiting.size, 0)
  const gone = enter({ signal: client.signal })
  await t.rejects(gone.result, { name: 'AbortedError' })
  t.equal(gone.waiting.size, 0)
})

t.test('a deadline beyond what timers take does not pass at once', async t => {
  const { result, waiting } = enter({ deadline: 2 ** 40 })
  await new Promise(resolve => setTimeout(resolve, 20))
  t.equal(waiting.size, 1)
  for (const { resolve } of waiting) resolve('here')
  t.equal(await result, 'here')
})
