import t from 'tap'
import { SessionCache } from '../../engine/session-cache.ts'
import { Session } from '../../engine/session.ts'
import { toOnnx } from '../../nn/onnx/to-onnx.ts'
import * as op from '../../nn/ops.ts'
import { input } from '../../nn/tensor.ts'

const ONNX = toOnnx({ outputs: new Map([['y', op.relu(input('x', [1]))]]) })
const FEED = { x: { type: 'float32', dims: [1], data: Float32Array.of(2) } } as const

t.test('keeps the sessions used last, and releases others', async t => {
  const made: Session[] = []
  const create = async (): Promise<Session> => {
    made.push(await Session.create(ONNX, 1))
    return made.at(-1)!
  }
  const cache = new SessionCache(2)
  const a = await cache.get('a', create)
  const b = await cache.get('b', create)
  t.equal(await cache.get('a', create), a)
  await cache.get('c', create)
  await t.rejects(b.runFeeds(FEED), 'released')
  t.match(await a.runFeeds(FEED), { y: { data: [2] } })
  await t.rejects(cache.get('d', async () => { throw new Error('bad graph') }), { message: 'bad graph' })
  t.equal(made.length, 3)
  await cache.release()
  await t.rejects(made[2]!.runFeeds(FEED))
})
