import t from 'tap'
import { textLines } from '../../../bulk/queue/text-lines.ts'
import { allOf } from '../../support/all-of.ts'

t.test('lines may begin and end in any piece', async t => {
  const bytes = Buffer.from('äb\n\ncde\nunfinished')
  for (const size of [1, 2, 5, 100]) {
    async function * pieces (): AsyncGenerator<Uint8Array> {
      for (let i = 0; i < bytes.length; i += size) yield bytes.subarray(i, i + size)
    }
    t.strictSame(await allOf(textLines(pieces())), ['äb', '', 'cde'], `pieces of ${size}`)
  }
})
