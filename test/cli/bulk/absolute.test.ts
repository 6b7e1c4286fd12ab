import t from 'tap'
import type { Item } from '../../../bulk/item.ts'
import { absoluteItems, absoluteName, absoluteOut } from '../../../cli/bulk/absolute.ts'
import { allOf } from '../../support/all-of.ts'

async function * named (...names: string[]): AsyncGenerator<Item> {
  for (const name of names) yield { name, stamp: name }
}

t.test('other machines can use the names', async t => {
  const names = ['s3://bucket/a//b.jpg', '/photos/a.jpg', './a.zip!/../b.jpg', 'a/../b.jpg']
  t.strictSame(names.map(name => absoluteName(name, '/work')), ['s3://bucket/a//b.jpg', '/photos/a.jpg', '/work/a.zip!/../b.jpg', '/work/a/../b.jpg'])
  t.strictSame(['s3://bucket/out', '/out', './out/'].map(out => absoluteOut(out, '/work')), ['s3://bucket/out', '/out', '/work/out/'])
})

t.test('sources that may repeat an image list it once', async t => {
  const items = async (sources: string[]) => (await allOf(absoluteItems(named('a', './a', '/work/b', 'b'), sources, '/work'))).map(({ name }) => name)
  t.strictSame(await items(['photos', 'photos/a']), ['/work/a', '/work/b'])
  t.strictSame(await items(['@list.txt']), ['/work/a', '/work/b'])
  t.strictSame(await items(['photos']), ['/work/a', '/work/a', '/work/b', '/work/b'], 'one folder lists each once')
})
