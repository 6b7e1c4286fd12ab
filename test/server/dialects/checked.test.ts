import t from 'tap'
import { z } from 'zod'
import { checked } from '../../../server/dialects/checked.ts'

const schema = z.strictObject({ a: z.number().default(1) })

t.test('what a schema says, or what is wrong', async t => {
  t.same(checked(schema, {}), { a: 1 })
  t.throws(() => checked(schema, { a: 'x' }), { code: 'INVALID_PARAMETER', message: /^a: .*expected number/ })
  t.throws(() => checked(schema, { b: 1 }, ['a']), { code: 'INVALID_PARAMETER', message: 'unknown parameter b; known are a' })
})

t.test('complaints are short', async t => {
  const many = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`${i}${'x'.repeat(64)}`, i]))
  t.throws(() => checked(schema, many), { message: /^.{400}$/ })
})
