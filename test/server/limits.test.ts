import t from 'tap'
import { readConfig } from '../../server/config.ts'
import { limitsOf } from '../../server/limits.ts'

t.test('what a request may cost, as it is configured', async t => {
  const config = readConfig({ MAX_PIXELS: '1', MAX_FEATURE_BYTES: '2', REQUEST_TIMEOUT: '3', WORKERS: '4' })
  t.same(limitsOf(config), { maxPixels: 1, maxFeatureBytes: 2, requestTimeout: 3, lanes: 4 })
})
