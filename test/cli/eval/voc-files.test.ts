import t from 'tap'
import { readVocFiles } from '../../../cli/eval/voc-files.ts'
import { vocXml } from '../../support/voc-xml.ts'

const cat = { name: 'cat', corners: [1, 1, 10, 20] as const }

t.test('images by the XML file\'s name or by the one inside', async t => {
  const folder = t.testdir({
    images: { 'a.jpg': '', sub: { 'b.png': '' }, 'c.jpg': '', 'd.jpg': '' },
    xml: { 'a.xml': vocXml('renamed.jpg', [cat], [64, 48]), 'b.xml': vocXml('b.jpg', []), '7.xml': vocXml('c.jpg', [{ ...cat, name: 'ant', difficult: true }]) }
  })
  const { images, annotations, categories, notes, sizes } = await readVocFiles(`${folder}/images`, `${folder}/xml`)
  t.same(images.map(({ file_name: file }) => file), ['c.jpg', 'a.jpg', 'sub/b.png'])
  t.same(annotations, [
    { image_id: 'c.jpg', category_id: 'ant', bbox: [0, 0, 10, 20], area: 200, ignore: true },
    { image_id: 'a.jpg', category_id: 'cat', bbox: [0, 0, 10, 20], area: 200, ignore: false }
  ])
  t.same(categories.map(({ name }) => name), ['ant', 'cat'])
  t.same([...sizes!], [['a.jpg', { width: 64, height: 48 }]])
  t.same(notes, ['1 image without an XML file: left out'])
})

t.test('names files that can\'t be used', async t => {
  const folder = t.testdir({ images: { 'a.jpg': '' }, lost: { 'b.xml': vocXml('c.jpg', []), 'd.xml': '<annotation/>' }, wrong: { 'a.xml': '<a/>', 'b.xml': 'x' }, none: {} })
  const read = (xml: string) => readVocFiles(`${folder}/images`, `${folder}/${xml}`)
  await t.rejects(read('lost'), { name: 'CommandError', message: /images: 2 images missing: c\.jpg, d\.xml$/ })
  await t.rejects(read('wrong'), { name: 'CommandError', message: /wrong\/a\.xml: expected <annotation>, found <a>; .*wrong\/b\.xml: not XML: / })
  await t.rejects(read('none'), { name: 'CommandError', message: /none: no XML files$/ })
})
