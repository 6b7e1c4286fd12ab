import { setImmediate as turn } from 'node:timers/promises'
import t from 'tap'
import { runLanes } from '../../../bulk/run/lanes.ts'

async function * numbers (count: number) { for (let i = 0; i < count; i++) yield i }

t.test('all items are worked on, several at a time and no more', async t => {
  const [done, counts]: [number[], number[]] = [[], []]
  let busy = 0
  await runLanes(numbers(20), { lanes: 3 }, async i => {
    counts.push(++busy)
    await turn()
    done.push(i)
    busy--
  })
  t.same(done.toSorted((a, b) => a - b), [...Array(20).keys()])
  t.equal(Math.max(...counts), 3)
  const lanes = [false, false, false]
  await runLanes(numbers(20), { lanes: 3 }, async (_, lane) => {
    t.equal(lanes[lane], false, 'a lane has one item at a time')
    lanes[lane] = true
    await turn()
    lanes[lane] = false
  })
  await runLanes(numbers(0), { lanes: 3 }, async () => { t.fail('nothing to do') })
})

t.test('once aborted, items in work end, and no other is begun, though the source waits forever', async t => {
  const abort = new AbortController()
  const [begun, ended]: [number[], number[]] = [[], []]
  async function * endless () {
    yield * numbers(2)
    await new Promise(() => {})
  }
  await runLanes(endless(), { lanes: 4, signal: abort.signal }, async i => {
    begun.push(i)
    if (i === 1) abort.abort()
    await turn()
    ended.push(i)
  })
  t.same([begun, ended], [[0, 1], [0, 1]])
  const late = new AbortController()
  async function * aborted () {
    yield 1
    await new Promise(resolve => late.signal.addEventListener('abort', resolve))
    throw new Error('aborted')
  }
  await runLanes(aborted(), { lanes: 2, signal: late.signal }, async () => {
    late.abort()
    await turn()
  })
  await runLanes(numbers(5), { lanes: 1, signal: abort.signal }, async () => { t.fail('aborted before') })
})

t.test('an error ends the run once the others in work are done', async t => {
  const done: number[] = []
  await t.rejects(runLanes(numbers(100), { lanes: 2 }, async i => {
    if (i === 3) throw new Error('disk full')
    await turn()
    done.push(i)
  }), { message: 'disk full' })
  t.ok(done.length >= 3 && done.length < 6, `${done}`)
  let isClosed = false
  async function * broken () {
    try {
      yield 1
      throw new Error('no source')
    } finally {
      isClosed = true
    }
  }
  await t.rejects(runLanes(broken(), { lanes: 2 }, async () => {}), { message: 'no source' })
  t.ok(isClosed)
  const iterator = { next: async () => ({ done: false, value: 1 }), return: async () => { throw new Error('late') } }
  await t.rejects(runLanes({ [Symbol.asyncIterator]: () => iterator }, { lanes: 1 }, async () => { throw new Error('first') }), { message: 'first' })
})
