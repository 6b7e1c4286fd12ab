import { symlinkSync } from 'node:fs'
import t from 'tap'
import { locateImages, pathsOf } from '../../../cli/eval/locate-images.ts'

const datasetOf = (...names: string[]) =>
  ({ images: names.map((name, id) => ({ id, file_name: name })), annotations: [], categories: [], notes: [] })

t.test('paths that a name may stand for', async t => {
  t.same(pathsOf('/data/upload/1/5b1ab0a4-me.jpg'), [
    'data/upload/1/5b1ab0a4-me.jpg', 'data/upload/1/me.jpg', 'upload/1/5b1ab0a4-me.jpg', 'upload/1/me.jpg', '1/5b1ab0a4-me.jpg', '1/me.jpg', '5b1ab0a4-me.jpg', 'me.jpg'
  ])
  t.same(pathsOf('https://x.example/b/c%20d.jpg?sign=1#x'), ['b/c d.jpg', 'c d.jpg'])
  t.same(pathsOf('/data/local-files/?d=set%2Fa.jpg'), ['set/a.jpg', 'a.jpg'])
  t.same(pathsOf('images\\a.jpg'), ['images/a.jpg', 'a.jpg'])
  t.same(pathsOf('./100%.jpg'), ['100%.jpg'])
})

t.test('finds files by other names', async t => {
  const folder = t.testdir({ 'a b.jpg': '', 'c%20d.jpg': '', images: { 'e.jpg': '', 'twice.jpg': '' }, other: { 'twice.jpg': '' } })
  const found = await locateImages(folder, datasetOf('s3://bucket/x/a%20b.jpg', 'c%20d.jpg', 'e.jpg', 'twice.jpg', 'none.jpg'))
  t.same(found.images.map(({ file_name: file }) => file), ['a b.jpg', 'c%20d.jpg', 'images/e.jpg', 'twice.jpg', 'none.jpg'])
  t.same(found.notes, ['2 images named by another path, found as a b.jpg and the like'])
})

t.test('leaves a data set alone that needs nothing, or that has nothing', async t => {
  const folder = t.testdir({ 'a.jpg': '' })
  for (const dataset of [datasetOf('a.jpg', 'a.jpg'), datasetOf('b.jpg')]) t.equal(await locateImages(folder, dataset), dataset)
  symlinkSync('loop.jpg', `${folder}/loop.jpg`)
  const dataset = datasetOf('a.jpg', 'loop.jpg')
  t.equal(await locateImages(folder, dataset), dataset, 'a link to itself')
  t.equal(await locateImages(`${folder}/none`, dataset), dataset)
})

t.test('two images can\'t be one file', async t => {
  const folder = t.testdir({ '1.jpg': '' })
  await t.rejects(locateImages(folder, datasetOf('a/1.jpg', 'b/1.jpg')), { name: 'CommandError', message: /^a\/1\.jpg and b\/1\.jpg would both be 1\.jpg: / })
  await t.rejects(locateImages(folder, datasetOf('a/1.jpg', '1.jpg')), { message: /^1\.jpg and a\/1\.jpg would both/ })
  t.match(await locateImages(folder, datasetOf('a/1.jpg', 'a/1.jpg')), { images: [{ file_name: '1.jpg' }, { file_name: '1.jpg' }] })
})
