import { join } from 'node:path'
import t from 'tap'
import { yolo } from '../../../bulk/formats/yolo.ts'
import { convert, failedLine, LABELS, LINES, linesOf, resultLine, TIE } from '../../support/bulk-lines.ts'

const TIE_ROW = '1 0.440634 0.772364 0.143921 0.205273 0.711906\n'

async function listed (files: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = []
  for await (const file of files) all.push(file)
  return all
}

t.test('a file for each image, empty without objects, none for failures', async t => {
  const { store, read } = await convert(t, yolo, LINES)
  t.same(await listed(store.list('labels/')), ['labels/a.zip!/a/1.txt', 'labels/a/1.txt', 'labels/a/empty.txt'])
  t.equal(read('labels/a/1.txt'), `0 0.530213 0.477126 0.92701 0.791937 0.824235\n${TIE_ROW}`)
  t.equal(read('labels/a/empty.txt'), '')
  t.equal(read('classes.txt'), 'person\ntie\n')
})

t.test('images of one stem have two files, whatever their names', async t => {
  const names = ['a.jpg', 'a.png', 'b/a.jpg', 'a.jpg.png', '.jpg', 'c.dat', 'c.dat.tif', ...Array.from({ length: 40 }, (_, i) => `${i}.jpg`)]
  const { store } = await convert(t, yolo, linesOf(...names.map(name => resultLine(name, TIE))))
  const files = await listed(store.list('labels/'))
  t.equal(files.length, names.length)
  t.strictSame(files.filter(file => !/\d/.test(file)).map(file => file.slice('labels/'.length)), [
    '.jpg.txt', 'a.jpg.png.txt', 'a.jpg.txt', 'a.png.txt', 'b/a.txt', 'c.dat.tif.txt', 'c.dat.txt'
  ])
})

t.test('labels of an image that fails now are removed', async t => {
  const { store } = await convert(t, yolo, linesOf(resultLine('a.jpg', TIE)))
  t.ok(await store.exists(join('labels', 'a.txt')))
  await yolo.write(linesOf(failedLine('a.jpg')), store, { labels: LABELS })
  t.same(await listed(store.list('labels/')), [])
})
