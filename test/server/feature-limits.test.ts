import t from 'tap'
import { listLayers } from '../../models/layers.ts'
import { chooseWithin } from '../../server/feature-limits.ts'
import { MODEL } from '../support/server.ts'

t.test('a reply that would be too large is refused before it is made', async t => {
  const model = { layers: listLayers(MODEL, true) }
  const rendering = { format: 'npz', values: false, channels: 64, reduce: 'l2' } as const
  const bytes = 4 * 116 * 52 * 52
  t.same(chooseWithin(bytes, 'stage2', model, rendering).map(({ label }) => label), ['stage2'])
  t.throws(() => chooseWithin(bytes - 1, 'stage2', model, rendering), { code: 'REPLY_TOO_LARGE', message: /1 layers as npz make about 1\.2 MiB/ })
  t.throws(() => chooseWithin(bytes, 'stage7', model, rendering), { name: 'UnknownLayerError' })
})
