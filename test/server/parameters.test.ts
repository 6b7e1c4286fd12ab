import t from 'tap'
import { z } from 'zod'
import { describeIssues, parseParameters } from '../../server/parameters.ts'

const schema = z.strictObject({ size: z.coerce.number().max(9).default(1), name: z.string().optional() })

t.test('parameters of the query and of the body', async t => {
  t.same(parseParameters(schema, {}), { size: 1 })
  t.same(parseParameters(schema, { size: '3' }, { name: 'x' }), { size: 3, name: 'x' })
  t.same(parseParameters(schema, { name: 'x' }, { name: 'x' }), { size: 1, name: 'x' })
})

t.test('what is wrong with them', async t => {
  const refused = (query: object, body: Record<string, unknown>, message: string): void => {
    t.throws(() => parseParameters(schema, query, body), { code: 'INVALID_PARAMETER', message })
  }
  refused({ name: 'x' }, { name: 'y' }, 'name: given twice, in the query and in the body')
  refused({ sise: '1' }, {}, 'unknown parameter sise; known are size, name')
  refused({ a: '1' }, { ['b'.repeat(100)]: '1' }, `unknown parameters a, ${'b'.repeat(64)}; known are size, name`)
  refused({}, JSON.parse('{"__proto__":{"size":9}}'), 'unknown parameter __proto__; known are size, name')
  refused({}, { constructor: 'x' }, 'unknown parameter constructor; known are size, name')
  const many = Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`k${i}`, '1']))
  refused({}, many, 'unknown parameters k0, k1, k2, k3, k4, k5, k6, k7, k8, k9 and 99990 more; known are size, name')
  t.throws(() => parseParameters(schema, { size: '10', name: ['a', 'b'] }), { message: /^size: .*; name: .*string/ })
})

t.test('issues of other schemas', async t => {
  const { error } = z.object({ a: z.object({ b: z.number() }) }).safeParse({ a: { b: 'x' } })
  t.match(describeIssues(error!.issues, []), /^a\.b: .*number/)
})
