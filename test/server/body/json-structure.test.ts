import t from 'tap'
import { checkStructure } from '../../../server/body/json-structure.ts'

t.test('a long text is one value', async t => {
  t.doesNotThrow(() => checkStructure(Buffer.from(JSON.stringify({ data: ['/9j/'.repeat(4e6)] }), 1e6)))
})

t.test('so many values, and no more', async t => {
  t.doesNotThrow(() => checkStructure(Buffer.from('[1,2,3]'), 3))
  for (const many of ['[],', '{},', '0,']) t.throws(() => checkStructure(Buffer.from(many.repeat(4)), 3), { code: 'BODY_TOO_LARGE', message: /more than 3 values/ })
})

t.test('so deep, and no deeper', async t => {
  t.doesNotThrow(() => checkStructure(Buffer.from(`${'['.repeat(64)}${']'.repeat(64)}`.repeat(2), 1e6)))
  for (const deep of ['[', '{"a":']) t.throws(() => checkStructure(Buffer.from(deep.repeat(65), 1e6)), { code: 'MALFORMED_REQUEST', message: /more than 64 deep/ })
})
