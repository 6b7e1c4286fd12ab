import t from 'tap'
import { Session } from '../../detector/session.ts'
import { compile } from '../../models/network.ts'
import { loadWeights } from '../../models/weights.ts'
import { MODEL } from '../support/server.ts'

t.test('session', async t => {
  const session = await Session.create(compile(MODEL, await loadWeights(MODEL)), MODEL.input, 1)
  const { output } = await session.run(new Uint8Array(416 * 416 * 3).fill(128))
  t.same(output!.dims, [1, 3549, 112])
  t.ok(output!.data.every(Number.isFinite))
  await t.rejects(session.run(new Uint8Array(10)), { message: /size/i })
  await t.resolves(session.release())
})

t.test('bytes that are no model', t => t.rejects(Session.create(new Uint8Array(10), MODEL.input, 1)))
