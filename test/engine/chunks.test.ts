import t from 'tap'
import { CHUNK_BYTES, inChunks, joined, lengthOf, totalBytes } from '../../engine/chunks.ts'

t.test('bytes in pieces are the same bytes', async t => {
  const bytes = new Uint8Array(2 * CHUNK_BYTES + 3).fill(7)
  const chunks = inChunks(bytes)
  t.same(chunks.map(({ length }) => length), [CHUNK_BYTES, CHUNK_BYTES, 3])
  t.equal(chunks[1]!.buffer, bytes.buffer, 'nothing is copied')
  t.equal(totalBytes(chunks), bytes.length)
  t.same(inChunks(new Uint8Array()), [])
  t.equal(lengthOf(bytes), lengthOf(chunks))
  t.equal(joined(bytes), bytes)
  t.equal(joined([bytes]), bytes, 'one piece is not copied')
  t.same(joined(chunks), Buffer.from(bytes))
})
