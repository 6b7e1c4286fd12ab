import t from 'tap'
import { chooseWithin } from '../../server/feature-limits.ts'
import { startApp } from '../support/server.ts'

t.test('a reply that would be too large is refused before it is made', async t => {
  const { store } = await startApp(t)
  const rendering = { format: 'npz', values: false, channels: 64, reduce: 'l2' } as const
  const bytes = 4 * 116 * 52 * 52
  await store.useDetector('nanodet-m-416', async detector => {
    t.same(chooseWithin(bytes, 'stage2', detector, rendering).map(({ label }) => label), ['stage2'])
    t.throws(() => chooseWithin(bytes - 1, 'stage2', detector, rendering), { code: 'REPLY_TOO_LARGE', message: /1 layers as npz make about 1\.2 MiB/ })
    t.throws(() => chooseWithin(bytes, 'stage7', detector, rendering), { name: 'UnknownLayerError' })
  })
})
