import t from 'tap'
import { checkPresent, filesBelow, imagesBelow, stem } from '../../../cli/eval/image-files.ts'

t.test('finds images in subfolders, but nothing hidden', async t => {
  const folder = t.testdir({ 'b.JPG': '', 'notes.txt': '', a: { 'c.png': '', '.d.png': '' }, '.cache': { 'e.jpg': '' } })
  t.same(await imagesBelow(folder), ['a/c.png', 'b.JPG'])
  t.same(await filesBelow(folder), ['a', 'a/c.png', 'b.JPG', 'notes.txt'])
  await t.rejects(imagesBelow(t.testdir({ 'notes.txt': '' })), { name: 'CommandError', message: /: no images$/ })
  await t.rejects(imagesBelow(`${folder}/none`), { message: /none: no such file or directory$/ })
})

t.test('names missing images, all at one time', async t => {
  const folder = t.testdir({ 'a.jpg': '' })
  await checkPresent(folder, ['a.jpg'])
  await t.rejects(checkPresent(folder, ['b.jpg', 'a.jpg', 'c/d.jpg']), { message: `${folder}: 2 of 3 images missing: b.jpg, c/d.jpg` })
  await t.rejects(checkPresent(`${folder}/none`, []), { message: /none: no such file or directory$/ })
})

t.test('a path without its extension', async t => t.equal(stem('a.b/c.d.jpg'), 'a.b/c.d'))
