import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { inLanes } from '../../server/in-lanes.ts'

t.test('so many at a time, in order', async t => {
  let running = 0
  let most = 0
  const results = await inLanes([30, 10, 20, 0, 5], 2, async ms => {
    most = Math.max(most, ++running)
    await sleep(ms)
    running--
    return ms * 2
  })
  t.same(results, [60, 20, 40, 0, 10])
  t.equal(most, 2)
  t.same(await inLanes([], 2, async item => item), [])
})

t.test('after a failure no more begin', async t => {
  const begun: number[] = []
  await t.rejects(inLanes([1, 2, 3, 4], 1, async item => {
    begun.push(item)
    if (item === 2) throw new Error('no')
  }), { message: 'no' })
  t.same(begun, [1, 2])
})
