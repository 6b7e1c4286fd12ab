import t from 'tap'
import { guessFormat, readDataset } from '../../../cli/eval/dataset.ts'
import { vocXml } from '../../support/voc-xml.ts'

t.test('guesses the format', async t => {
  const folder = t.testdir({ 'a.json': '', 'data.yaml': '', 'a.xml': '', voc: { 'a.xml': '' }, yolo: { val: { 'a.txt': '' } }, other: { 'a.json': '' } })
  const guess = (name: string) => guessFormat(`${folder}/${name}`)
  t.same(await Promise.all(['a.json', 'data.yaml', 'voc', 'yolo'].map(guess)), ['coco', 'yolo', 'voc', 'yolo'])
  await t.rejects(guess('a.xml'), { name: 'UsageError', message: /^--annotations: expected the folder of .*a\.xml/ })
  await t.rejects(guess('other'), { name: 'CommandError', message: /other: neither YOLO labels .* for COCO, name its \.json file$/ })
  await t.rejects(guess('none'), { message: /none: no such file or directory$/ })
})

t.test('reads each format, and checks that the images exist', async t => {
  const coco = { images: [{ id: 1, file_name: 'a.jpg' }], annotations: [], categories: [{ id: 1, name: 'cat' }] }
  const lost = { ...coco, images: [...coco.images, { id: 2, file_name: 'b.jpg' }] }
  const folder = t.testdir({
    images: { 'a.jpg': '' }, 'coco.json': JSON.stringify(coco), 'lost.json': JSON.stringify(lost), voc: { 'a.xml': vocXml('a.jpg', []) }, yolo: { 'a.txt': '' }
  })
  const source = { images: `${folder}/images`, format: undefined, classNames: undefined, fallback: ['cat'] }
  for (const name of ['coco.json', 'voc', 'yolo']) {
    t.match(await readDataset({ ...source, annotations: `${folder}/${name}` }), { images: [{ file_name: 'a.jpg' }], annotations: [] }, name)
  }
  t.match(await readDataset({ ...source, annotations: `${folder}/coco.json`, format: 'coco' }), coco)
  await t.rejects(readDataset({ ...source, annotations: `${folder}/lost.json` }), { message: /images: 1 of 2 images missing: b\.jpg$/ })
  await t.rejects(readDataset({ ...source, images: `${folder}/none`, annotations: `${folder}/coco.json` }), { message: /none: no such file/ })
})
