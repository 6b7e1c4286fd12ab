import t from 'tap'
import { ReadBuffer } from '../../bulk/read-buffer.ts'

t.test('one image after the other has the same memory', async t => {
  const buffer = new ReadBuffer()
  const first = buffer.take(1000)
  t.equal(first.length, 1000)
  first.fill(7)
  t.same([...buffer.take(3)], [7, 7, 7])
  t.equal(buffer.take(2000).buffer, first.buffer, 'there is room for larger ones')
  const larger = buffer.take(100_000)
  t.not(larger.buffer, first.buffer)
  t.equal(buffer.take(1).buffer, larger.buffer)
})

t.test('a very large image leaves nothing', async t => {
  const buffer = new ReadBuffer()
  const { length, buffer: memory } = buffer.take(2 ** 24 + 1)
  t.equal(length, 2 ** 24 + 1)
  t.not(buffer.take(1).buffer, memory)
  t.equal(buffer.take(2 ** 24).buffer.byteLength, 2 ** 24)
})
