import t from 'tap'
import { checkStructure } from '../../../server/body/json-structure.ts'

t.test('a long text is one value', async t => {
  t.doesNotThrow(() => checkStructure(Buffer.from(JSON.stringify({ data: ['/9j/'.repeat(4e6)] }))))
})

t.test('a network\'s input passes; many more values do not', async t => {
  t.doesNotThrow(() => checkStructure(Buffer.from(`[${'255,'.repeat(640 * 640 * 3 - 1)}255]`)))
  for (const many of ['[],', '{},', '0,']) t.throws(() => checkStructure(Buffer.from(many.repeat(2 ** 21 + 1))), { code: 'BODY_TOO_LARGE' })
})

t.test('so deep, and no deeper', async t => {
  t.doesNotThrow(() => checkStructure(Buffer.from(`${'['.repeat(64)}${']'.repeat(64)}`.repeat(2))))
  for (const deep of ['[', '{"a":']) t.throws(() => checkStructure(Buffer.from(deep.repeat(65))), { code: 'MALFORMED_REQUEST', message: /more than 64 deep/ })
})

t.test('names and texts are fewer', async t => {
  const names = (count: number) => Buffer.from(`{${Array.from({ length: count }, (_, i) => `"k${i}":1`).join()}}`)
  t.doesNotThrow(() => checkStructure(names(2 ** 15)))
  t.throws(() => checkStructure(names(2 ** 15 + 1)), { code: 'BODY_TOO_LARGE', message: /32768 names/ })
})

t.test('a large body is looked through fast', async t => {
  const body = Buffer.from(JSON.stringify({ data: 'A'.repeat(2e7) }))
  const begin = performance.now()
  checkStructure(body)
  t.ok(performance.now() - begin < 1000)
})
