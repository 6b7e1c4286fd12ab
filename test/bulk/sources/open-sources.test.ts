import { execFileSync } from 'node:child_process'
import { Readable } from 'node:stream'
import t from 'tap'
import { openReader, openSources, type SourceOptions } from '../../../bulk/sources/open-sources.ts'
import { gather } from '../../support/gather.ts'

const names = async (sources: string[], options?: SourceOptions): Promise<string[]> => {
  const { source, reader } = await openSources(sources, options)
  const items = await gather(source.items())
  await reader.close()
  return items.map(({ name }) => name)
}

t.test('opens every kind of source', async t => {
  const folder = t.testdir({ photos: { 'a.jpg': 'a', sub: { 'b.jpg': '' } }, 'c.odd': '', 'd[1].jpg': '', 'list.txt': '' })
  const stdin = Readable.from([Buffer.from('x.jpg\n'), Buffer.from(`${folder}/c.odd\n`)])
  const found = await names([`${folder}/photos`, `${folder}/c.odd`, `${folder}/d[1].jpg`, `${folder}/*/*.jpg`, `@${folder}/list.txt`, '-'], { stdin })
  t.same(found.map(name => name.replace(`${folder}/`, '')), ['photos/a.jpg', 'photos/sub/b.jpg', 'c.odd', 'd[1].jpg', 'photos/a.jpg', 'x.jpg', 'c.odd'])
})

t.test('items have stamps, and are read by their names', async t => {
  const folder = t.testdir({ photos: { 'a.jpg': 'bytes' } })
  const { source, reader } = await openSources([`${folder}/photos/`])
  const [item] = await gather(source.items())
  t.match(item, { name: `${folder}/photos/a.jpg`, stamp: /^5-\d+$/ })
  t.equal(Buffer.from(await reader.read(item!.name)).toString(), 'bytes')
  t.equal(Buffer.from(await openReader().read(item!.name)).toString(), 'bytes')
})

t.test('a source that does not exist ends the run at once', async t => {
  const folder = t.testdir({ 'a.txt': '', empty: {} })
  const cases: Array<[string, RegExp]> = [
    [`${folder}/none`, /none: no such file or directory$/],
    [`@${folder}/none.txt`, /none.txt: no such file or directory/],
    [`${folder}/a.txt`, /a.txt: not an image; if it lists images, write @.*a.txt$/]
  ]
  for (const [name, message] of cases) await t.rejects(openSources([name]), { name: 'SourceError', message })
  await t.rejects(openSources([folder], { exclude: folder }), { name: 'SourceError', message: /is the output folder, too/ })
  await t.rejects(names([`${folder}/empty`, `${folder}/*.jpg`]), { name: 'SourceError', message: /empty, .*\*\.jpg: no images$/ })
})

t.test('a pipe is a source that fails alone', async t => {
  const folder = t.testdir({})
  execFileSync('mkfifo', [`${folder}/pipe`])
  t.same(await names([`${folder}/pipe`]), [`${folder}/pipe`])
})
