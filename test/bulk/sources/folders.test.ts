import t from 'tap'
import { checkApart, isPattern, namesBelow, namesMatching } from '../../../bulk/sources/folders.ts'
import { gather } from '../../support/gather.ts'

const PHOTOS = { 'b.JPG': '', 'c.jfif': '', 'notes.txt': '', a: { 'a.png': '', deep: { 'd.jpg': '' } }, out: { 'e.jpg': '' } }

t.test('the images below a folder', async t => {
  const folder = t.testdir(PHOTOS)
  const below = async (name: string, exclude?: string) => (await gather(namesBelow(name, { exclude }))).flat()
  t.same(await below(folder, `${folder}/out`), ['a/a.png', 'a/deep/d.jpg', 'b.JPG'].map(name => `${folder}/${name}`))
  t.same(await below(`${folder}/a/`), [`${folder}/a/a.png`, `${folder}/a/deep/d.jpg`])
  await t.rejects(below(`${folder}/none`), { name: 'SourceError', message: `${folder}/none: no such file or directory` })
  await t.rejects(gather(namesBelow(folder, { signal: AbortSignal.abort(new Error('stopped')) })), { message: 'stopped' })
})

t.test('the files that a pattern matches', async t => {
  const folder = t.testdir(PHOTOS)
  const matching = async (pattern: string) =>
    (await gather(namesMatching(`${folder}/${pattern}`, {}))).flat().map(name => name.slice(folder.length + 1))
  t.same(await matching('*.jpg'), [])
  t.same(await matching('*'), ['b.JPG'], 'images only')
  t.same(await matching('*.{JPG,jfif}'), ['b.JPG', 'c.jfif'])
  t.same(await matching('**/*.jpg'), ['a/deep/d.jpg', 'out/e.jpg'])
  t.same(await matching('**'), ['a/a.png', 'a/deep/d.jpg', 'b.JPG', 'out/e.jpg'])
  t.same(await matching('*/*'), ['a/a.png', 'out/e.jpg'])
  t.same(await matching('{a/deep,out}/?.jpg'), ['a/deep/d.jpg', 'out/e.jpg'])
  await t.rejects(matching('none/*.jpg'), { name: 'SourceError', message: `${folder}/none: no such file or directory` })
})

t.test('patterns begin in the working directory', async t => {
  t.same((await gather(namesMatching('package.jso[n]', {}))).flat(), ['package.json'])
  t.same(['a.jpg', 'a*.jpg', '{a,b}.jpg', 'photos/'].map(isPattern), [false, true, true, false])
})

t.test('pictures of the run are no images of it', async t => {
  const folder = t.testdir({ 'a.jpg': '', drawings: { 'a.jpg.jpg': '' }, crops: { b: { 'a.jpg': '' } } })
  const found = async (names: AsyncIterable<string[]>) => (await gather(names)).flat().map(name => name.slice(folder.length + 1))
  t.same(await found(namesMatching(`${folder}/**/*.jpg`, { exclude: folder })), ['a.jpg'])
  t.same(await found(namesBelow(`${folder}/crops`, { exclude: `${folder}/other` })), ['crops/b/a.jpg'])
  const refused = { name: 'SourceError', message: /: has pictures of this run; choose another --out/ }
  await t.rejects(found(namesBelow(`${folder}/crops/b`, { exclude: folder })), refused)
  await t.rejects(found(namesMatching(`${folder}/drawings/*.jpg`, { exclude: folder })), refused)
})

t.test('results can not go between the images', async t => {
  const folder = t.testdir(PHOTOS)
  await checkApart(folder, `${folder}/out`)
  await checkApart(folder, undefined)
  await t.rejects(checkApart(folder, `${folder}/a/..`), { name: 'SourceError', message: /: is the output folder, too; write/ })
})
