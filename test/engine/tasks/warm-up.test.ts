import t from 'tap'
import { warmUp } from '../../../engine/tasks/warm-up.ts'

t.test('the first pipeline of a kind runs more often than later ones', async t => {
  const order: string[] = []
  const runsOf = async (kind?: string): Promise<number> => {
    order.length = 0
    await warmUp(async () => {
      order.push('begin')
      await Promise.resolve()
      order.push('end')
    }, kind)
    return order.length / 2
  }
  const first = await runsOf()
  t.same(order.slice(0, 4), ['begin', 'end', 'begin', 'end'], 'one run after the other')
  const second = await runsOf()
  t.ok(first > second && second > 0, `${first}, then ${second}`)
  t.equal(await runsOf('classify'), first, 'another kind is not warm yet')
  t.equal(await runsOf('classify'), second)
})

t.test('a pipeline that can\'t run is not warm', async t => {
  let runs = 0
  await t.rejects(warmUp(async () => { throw new Error(`run ${++runs}`) }, 'broken'), { message: 'run 1' })
  await warmUp(async () => { runs++ }, 'broken')
  t.equal(runs, 3)
})
