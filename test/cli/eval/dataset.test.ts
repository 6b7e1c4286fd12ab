import t from 'tap'
import { guessFormat, readDataset } from '../../../cli/eval/dataset.ts'
import { vocXml } from '../../support/voc-xml.ts'

const CVAT = '<?xml version="1.0" encoding="utf-8"?>\n<annotations>\n<image id="0" name="a.jpg"/></annotations>'
const TASKS = JSON.stringify([{ data: { image: '/data/upload/1/0a1b2c3d-a.jpg' }, annotations: [{ result: [] }] }])

t.test('guesses the format', async t => {
  const folder = t.testdir({ 'a.json': '', 'data.yaml': '', 'a.xml': '', voc: { 'a.xml': '' }, yolo: { val: { 'a.txt': '' } }, other: { 'a.json': '' }, cvat: { 'annotations.xml': CVAT }, 'tasks.json': '\uFEFF [{' })
  const guess = (name: string) => guessFormat(`${folder}/${name}`)
  t.same(await Promise.all(['a.json', 'data.yaml', 'voc', 'yolo', 'tasks.json', 'cvat', 'cvat/annotations.xml'].map(guess)),
    ['coco', 'yolo', 'voc', 'yolo', 'label-studio', 'cvat', 'cvat'])
  await t.rejects(guess('none.json'), { message: /none\.json: no such file or directory$/ })
  await t.rejects(guess('a.xml'), { name: 'UsageError', message: /^--annotations: expected the folder of .*a\.xml/ })
  await t.rejects(guess('other'), { name: 'CommandError', message: /other: neither YOLO labels .* for COCO, name its \.json file$/ })
  await t.rejects(guess('none'), { message: /none: no such file or directory$/ })
})

t.test('reads each format, and checks that the images exist', async t => {
  const coco = { images: [{ id: 1, file_name: 'a.jpg' }], annotations: [], categories: [{ id: 1, name: 'cat' }] }
  const lost = { ...coco, images: [...coco.images, { id: 2, file_name: 'b.jpg' }] }
  const folder = t.testdir({
    images: { 'a.jpg': '' }, 'coco.json': JSON.stringify(coco), 'lost.json': JSON.stringify(lost), voc: { 'a.xml': vocXml('a.jpg', []) }, yolo: { 'a.txt': '' }, 'cvat.xml': CVAT, 'tasks.json': TASKS
  })
  const source = { images: `${folder}/images`, format: undefined, classNames: undefined, fallback: ['cat'] }
  for (const name of ['coco.json', 'voc', 'yolo', 'cvat.xml', 'tasks.json']) {
    t.match(await readDataset({ ...source, annotations: `${folder}/${name}` }), { images: [{ file_name: 'a.jpg' }], annotations: [] }, name)
  }
  t.match(await readDataset({ ...source, annotations: `${folder}/coco.json`, format: 'coco' }), coco)
  await t.rejects(readDataset({ ...source, annotations: `${folder}/lost.json` }), { message: /images: 1 of 2 images missing: b\.jpg$/ })
  await t.rejects(readDataset({ ...source, images: `${folder}/none`, annotations: `${folder}/coco.json` }), { message: /none: no such file/ })
})
