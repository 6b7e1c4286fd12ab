import t from 'tap'
import { IdleWorkers } from '../../../engine/scheduler/idle-workers.ts'

t.test('the latest free worker is taken first', async t => {
  const workers = new IdleWorkers<string>()
  t.equal(workers.take(), undefined)
  for (const name of ['a', 'b']) workers.add(name)
  t.equal(workers.size, 2)
  t.same([workers.take(), workers.take(), workers.take()], ['b', 'a', undefined])
})

t.test('an idle worker is reserved at once, a busy one when it is free, in the order of asking', async t => {
  const workers = new IdleWorkers<string>()
  workers.add('a')
  await workers.reserve('a')
  t.equal(workers.take(), undefined)
  const order: number[] = []
  const reserved = [1, 2].map(async i => { await workers.reserve('a'); order.push(i) })
  t.ok(workers.giveToReserver('a'))
  t.ok(workers.giveToReserver('a'))
  t.notOk(workers.giveToReserver('a'))
  await Promise.all(reserved)
  t.same(order, [1, 2])
})

t.test('a worker that has ended is given to nobody', async t => {
  const workers = new IdleWorkers<string>()
  workers.add('a')
  const reserved = t.rejects(workers.reserve('b'), { name: 'WorkerError', ended: true })
  for (const name of ['a', 'b']) workers.drop(name)
  await reserved
  t.equal(workers.size, 0)
  t.notOk(workers.giveToReserver('b'))
})
