import t from 'tap'
import type { Bytes } from '../../../engine/chunks.ts'
import { FrameReader, toFrame } from '../../../engine/processes/frames.ts'

interface Frame { readonly message: unknown, readonly body: readonly string[] }

/** Reads a stream in pieces of a given size, each in the same memory. */
function read (bytes: Buffer, size: number): Frame[] {
  const frames: Frame[] = []
  const reader = new FrameReader((message, body) => frames.push({ message, body: body.map(piece => Buffer.from(piece).toString('latin1')) }))
  const buffer = Buffer.alloc(size)
  for (let start = 0; start < bytes.length; start += size) reader.push(buffer.subarray(0, bytes.copy(buffer, 0, start, start + size)))
  return frames
}

const FRAMES: ReadonlyArray<readonly [message: unknown, body: readonly Bytes[], received: readonly string[]]> = [
  [{ id: 1, args: { min: -Infinity, list: new Float32Array([1.5]), missing: undefined } }, [], []],
  [{ id: 2 }, [Buffer.from('one'), [Buffer.from('in '), Buffer.from('pieces')]], ['one', 'in pieces']],
  [null, [Buffer.alloc(0), [], Buffer.from('x')], ['', '', 'x']],
  ['the last', [Buffer.alloc(300, 'long '), Buffer.alloc(0)], ['long '.repeat(60), '']]
]

t.test('frames are read from pieces of any size', async t => {
  const stream = Buffer.concat(FRAMES.flatMap(([message, body]) => toFrame(message, body)))
  for (const size of [1, 2, 3, 5, 7, 64, 1000, stream.length]) {
    t.same(read(stream, size), FRAMES.map(([message, , body]) => ({ message, body })), `pieces of ${size}`)
  }
})

t.test('the body is not copied', async t => {
  const body = new Uint8Array(1000)
  t.equal(toFrame('large', [body]).at(-1), body)
})

t.test('something else than frames is refused, or waits for more, without much memory', async t => {
  const before = process.memoryUsage().rss
  for (const text of ['\xff\xff\xff\xff\xff', 'GET / HTTP/1.1', '\0\0\0\0', '\0\0\0\0\x01', '\x01\0\0\0\x03\0\0\0abc']) {
    try {
      new FrameReader(() => t.fail()).push(Buffer.from(text, 'latin1'))
    } catch (error) {
      t.ok(error instanceof Error)
    }
  }
  t.throws(() => new FrameReader(() => {}).push(Buffer.from('\x01\0\0\0\x03\0\0\0abc', 'latin1')), /cloned data/)
  t.ok(process.memoryUsage().rss - before < 100 * 2 ** 20)
})
