import t from 'tap'
import { hasBody } from '../../../engine/processes/protocol.ts'

t.test('a result with a body is told from others', async t => {
  t.ok(hasBody({ body: [] }))
  for (const result of [null, undefined, 1, 'body', {}]) t.notOk(hasBody(result))
})
