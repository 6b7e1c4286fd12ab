import t from 'tap'
import { DIALECT_NAMES } from '../../server/dialect-names.ts'
import { DIALECTS } from '../../server/dialects/dialects.ts'
import { source } from '../support/files.ts'

t.test('every name is a dialect\'s, and every dialect is in docs/clients.md', async t => {
  t.same(DIALECTS.map(({ name }) => name).toSorted(), [...DIALECT_NAMES].toSorted())
  for (const name of DIALECT_NAMES) t.ok(source('docs/clients.md').includes(`\`${name}\``), name)
})
