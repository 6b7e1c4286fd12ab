import t from 'tap'
import { Session } from '../../engine/session.ts'
import { compile } from '../../models/network.ts'
import { loadWeights } from '../../models/weights.ts'
import { MODEL } from '../support/built-in.ts'

const picture = (pixels: Uint8Array) => ({ ...MODEL.input, padded: MODEL.input, pixels })

t.test('session', async t => {
  const session = await Session.create(compile(MODEL, await loadWeights(MODEL)), 1)
  const { output } = await session.run(picture(new Uint8Array(416 * 416 * 3).fill(128)))
  t.same([...session.outputShapes], [['output', [1, 3549, 112]]])
  t.same(output!.dims, [1, 3549, 112])
  t.ok(output!.data.every(Number.isFinite))
  await t.rejects(session.run(picture(new Uint8Array(10))), { message: /size/i })
  await t.resolves(session.release())
})

t.test('bytes that are no model', t => t.rejects(Session.create(new Uint8Array(10), 1)))
