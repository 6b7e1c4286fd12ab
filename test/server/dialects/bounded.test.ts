import t from 'tap'
import { z } from 'zod'
import { boundedList, boundedObject, boundedRecord } from '../../../server/dialects/bounded.ts'
import { cpuTime } from '../../support/cpu-time.ts'

t.test('lists', async t => {
  const list = boundedList(z.number(), 2)
  t.same(list.parse([1, 2]), [1, 2])
  t.match(list.safeParse([1, 2, 3]).error?.issues, [{ message: 'expected at most 2 items' }])
  for (const wrong of [['1'], 1, null, undefined]) t.equal(list.safeParse(wrong).success, false)
  t.equal(list.nullish().parse(null), null)
})

t.test('records', async t => {
  const record = boundedRecord(z.string().max(3), z.number(), 2)
  t.same(record.parse({ a: 1, b: 2 }), { a: 1, b: 2 })
  t.match(record.safeParse({ a: 1, b: 2, c: 3 }).error?.issues, [{ message: 'expected at most 2 names' }])
  for (const wrong of [{ a: '1' }, { long: 1 }, 1, null]) t.equal(record.safeParse(wrong).success, false)
})

t.test('objects', async t => {
  const object = boundedObject(z.strictObject({ a: z.number().optional() }), 2)
  t.same(object.parse({ a: 1 }), { a: 1 })
  t.match(object.safeParse({ a: 1, b: 2 }).error?.issues, [{ code: 'unrecognized_keys' }])
  t.match(object.safeParse({ a: 1, b: 2, c: 3 }).error?.issues, [{ message: 'expected at most 2 names' }])
  t.equal(object.safeParse(null).success, false)
})

t.test('millions of wrong items make one complaint', async t => {
  const items = Array(1e6).fill({})
  const names = Object.fromEntries(Array(1e5).entries())
  const ms = cpuTime(() => {
    t.equal(boundedList(z.object({ a: z.number() }), 2).safeParse(items).error?.issues.length, 1)
    t.equal(boundedRecord(z.string(), z.number(), 2).safeParse(names).error?.issues.length, 1)
  })
  t.ok(ms < 500, `${ms} ms`)
})
