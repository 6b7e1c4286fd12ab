import t from 'tap'
import { sizeText } from '../../../cli/pull/sizes.ts'

t.test('sizes have decimal units', async t => {
  t.strictSame([0, 999, 1000, 3_900_000, 2e9, 5e12].map(sizeText), ['0 bytes', '999 bytes', '1.0 kB', '3.9 MB', '2.0 GB', '5000.0 GB'])
})
