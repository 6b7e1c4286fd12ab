import t from 'tap'
import { checkStructure } from '../../../server/body/json-structure.ts'
import { cpuClock } from '../../support/cpu-time.ts'

const check = (json: string, maxValues = 1e6) => (): void => checkStructure(Buffer.from(json), maxValues)

t.test('a long text is one value', async t => t.doesNotThrow(check(JSON.stringify({ data: ['/9j/'.repeat(4e6)] }), 1)))

t.test('so many values, and no more', async t => {
  t.doesNotThrow(check('[1,2,3]', 3))
  for (const many of ['[],', '{},', '0,']) t.throws(check(many.repeat(4), 3), { code: 'BODY_TOO_LARGE', message: /more than 3 values/ })
})

t.test('so deep, and no deeper', async t => {
  t.doesNotThrow(check(`${'['.repeat(64)}${']'.repeat(64)}`.repeat(2)))
  for (const deep of ['[', '{"a":']) t.throws(check(deep.repeat(65)), { code: 'MALFORMED_REQUEST', message: /more than 64 deep/ })
})

t.test('names and texts are fewer', async t => {
  const names = (count: number): string => `{${Array.from({ length: count }, (_, i) => `"k${i}":1`).join()}}`
  t.doesNotThrow(check(names(2 ** 15)))
  t.throws(check(names(2 ** 15 + 1)), { code: 'BODY_TOO_LARGE', message: /32768 names/ })
})

t.test('a large body is looked through fast', async t => {
  const spent = cpuClock()
  check(JSON.stringify({ data: 'A'.repeat(2e7) }))()
  t.ok(spent() < 1000)
})
