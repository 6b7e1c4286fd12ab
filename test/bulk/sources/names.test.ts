import t from 'tap'
import { readNames } from '../../../bulk/sources/names.ts'
import { gather } from '../../support/gather.ts'

async function * chunks (...parts: Array<string | Buffer>): AsyncGenerator<Buffer> {
  for (const part of parts) yield Buffer.from(part as string)
}

const names = async (...parts: Array<string | Buffer>): Promise<string[]> => (await gather(readNames(chunks(...parts), 'list'))).flat()

t.test('names are lines', async t => {
  t.same(await names('a.jpg\nb c.jpg\r\n\n \r\n./d.jpg'), ['a.jpg', 'b c.jpg', './d.jpg'])
  t.same(await names('\ufeffa.jpg\n # b.jpg\n'), ['a.jpg', ' # b.jpg'])
  t.same(await names('a', '.j', 'pg\nb', '.jpg'), ['a.jpg', 'b.jpg'])
  t.same(await names(Buffer.from('\u00e9.jpg\n').subarray(0, 1), Buffer.from('\u00e9.jpg\n').subarray(1)), ['\u00e9.jpg'])
  t.same(await names(Buffer.of(0xff, 0x0a, 0x61, 0x0a)), ['\udcff', 'a'])
  t.same(await names(), [])
  t.same(await names('\n'), [])
})

t.test('or end with NUL', async t => {
  t.same(await names('a.jpg\0b\nc.jpg\0'), ['a.jpg', 'b\nc.jpg'])
  t.same(await names('a', '.jpg\0b\r', '\0'), ['a.jpg', 'b\r'])
})

t.test('arrive at once', async t => {
  const list = readNames(chunks('a\nb\nc', 'd\n'), 'list')
  t.same((await list.next()).value, ['a', 'b'])
  t.same((await list.next()).value, ['cd'])
})

t.test('what is not a list is refused', async t => {
  await t.rejects(names(Buffer.of(0xff, 0xd8, 0xff, 0xe0)), { name: 'SourceError', message: 'list: is an image; expected names of images, one a line' })
  await t.rejects(names(Buffer.from('\ufeffa.jpg', 'utf16le')), { name: 'SourceError', message: 'list: is UTF-16; save it as UTF-8' })
  await t.rejects(names('a\n', 'x'.repeat(70_000)), { message: 'list: a line has more than 65536 bytes; expected one name a line' })
})
