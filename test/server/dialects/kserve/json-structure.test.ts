import t from 'tap'
import { checkStructure } from '../../../../server/dialects/kserve/json-structure.ts'

t.test('a long text is one value', async t => {
  t.doesNotThrow(() => checkStructure(Buffer.from(JSON.stringify({ data: ['/9j/'.repeat(4e6)] }))))
})

t.test('a network\'s input passes; many more values, or brackets alone, do not', async t => {
  checkStructure(Buffer.from(`[${'255,'.repeat(640 * 640 * 3 - 1)}255]`))
  for (const many of ['[', '{"a":', '0,']) t.throws(() => checkStructure(Buffer.from(many.repeat(2 ** 21 + 1))), { code: 'BODY_TOO_LARGE' })
})
