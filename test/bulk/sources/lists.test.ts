import { Readable } from 'node:stream'
import t from 'tap'
import { namesIn, openList } from '../../../bulk/sources/lists.ts'
import { gather } from '../../support/gather.ts'

t.test('reads names of a file', async t => {
  const folder = t.testdir({ 'list.txt': 'a.jpg\nb.jpg\n', 'photo.jpg': '\xff' })
  const names = await openList(`${folder}/list.txt`)
  t.same((await gather(names())).flat(), ['a.jpg', 'b.jpg'])
  t.same((await gather(names())).flat(), ['a.jpg', 'b.jpg'], 'again')
  await t.rejects(openList(folder), { message: `${folder}: is a directory; a list is a text file with one name a line` })
  await t.rejects(openList(`${folder}/lits.txt`), { name: 'SourceError', message: /lits.txt: no such file or directory; did you mean .*list.txt\?/ })
  await t.rejects(gather((await openList('/proc/self/mem'))()), { name: 'SourceError', message: /^\/proc\/self\/mem: E/ })
})

t.test('a stream that waits can be stopped', async t => {
  const stream = new Readable({ read () {} })
  stream.push('a.jpg\nb')
  const controller = new AbortController()
  const names = namesIn(stream, 'standard input', controller.signal)
  t.same((await names.next()).value, ['a.jpg'])
  const next = names.next()
  controller.abort(new Error('stopped'))
  await t.rejects(next, { message: 'stopped' })
})

t.test('other problems keep their message', async t => {
  const image = Readable.from([Buffer.of(0xff, 0xd8, 0xff)])
  await t.rejects(gather(namesIn(image, 'standard input')), { message: /^standard input: is an image/ })
})
