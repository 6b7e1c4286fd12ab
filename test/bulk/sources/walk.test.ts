import { rmSync, symlinkSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { identityOf, pathBelow, walk, type WalkOptions } from '../../../bulk/sources/walk.ts'
import { gather } from '../../support/gather.ts'

const all = async (folder: string, options: Partial<WalkOptions> = {}): Promise<string[]> =>
  (await gather(walk(folder, { accepts: () => true, ...options }))).flat()

t.test('finds files in subfolders in a stable order, but nothing hidden', async t => {
  const folder = t.testdir({ 'b.jpg': '', a: { 'd.jpg': '', c: { 'e.jpg': '' } }, 'a.jpg': '', 'a-b.jpg': '', '.hidden': { 'x.jpg': '' }, '.y.jpg': '' })
  t.same(await all(folder), ['a-b.jpg', 'a.jpg', 'a/c/e.jpg', 'a/d.jpg', 'b.jpg'])
  t.same(await all(`${folder}/`, { accepts: path => path.startsWith('a/') }), ['a/c/e.jpg', 'a/d.jpg'])
  t.same(await all(folder, { maxDepth: 1 }), ['a-b.jpg', 'a.jpg', 'a/d.jpg', 'b.jpg'])
  t.same(await all(folder, { exclude: `${folder}/none` }), ['a-b.jpg', 'a.jpg', 'a/c/e.jpg', 'a/d.jpg', 'b.jpg'], 'does not exist')
  t.same(await all(folder, { exclude: `${folder}/a/` }), ['a-b.jpg', 'a.jpg', 'b.jpg'])
  await t.rejects(all(`${folder}/none`), { code: 'ENOENT' })
})

t.test('follows links, but not in circles; a broken one is a file', async t => {
  const folder = t.testdir({ a: { 'x.jpg': '' }, b: { 'y.jpg': '' } })
  symlinkSync('..', `${folder}/a/up`)
  symlinkSync('../b', `${folder}/a/other`)
  symlinkSync('x.jpg', `${folder}/a/same.jpg`)
  symlinkSync('nowhere', `${folder}/broken.jpg`)
  t.same(await all(folder), ['a/other/y.jpg', 'a/same.jpg', 'a/x.jpg', 'b/y.jpg', 'broken.jpg'])
})

t.test('a folder that can not be read counts as a file', async t => {
  const folder = t.testdir({ z: { 'a.jpg': '' } })
  for (let i = 0; i < 64; i++) writeFileSync(`${folder}/${i}.jpg`, '')
  const groups = walk(folder, { accepts: () => true })
  t.equal((await groups.next()).value.length, 64)
  rmSync(`${folder}/z`, { recursive: true })
  t.same(await gather(groups), [['z']])
})

t.test('finds names that are not UTF-8, in groups, and stops', async t => {
  const folder = t.testdir({})
  for (const byte of [0xfe, 0xff]) writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.of(byte), Buffer.from('.jpg')]), '')
  t.same(await all(folder), ['\udcfe.jpg', '\udcff.jpg'])
  for (let i = 0; i < 100; i++) writeFileSync(`${folder}/${i + 100}.jpg`, '')
  t.same((await gather(walk(folder, { accepts: () => true }))).map(({ length }) => length), [64, 38])
  await t.rejects(all(folder, { signal: AbortSignal.abort() }), { name: 'AbortError' })
})

t.test('paths below a folder', async t => {
  t.same(['a', 'a/', './a', '.', '/'].map(folder => pathBelow(folder, 'b.jpg')), ['a/b.jpg', 'a/b.jpg', './a/b.jpg', 'b.jpg', '/b.jpg'])
  t.equal(pathBelow('.', ''), '.')
  t.equal(await identityOf('/'), await identityOf('/..'))
  t.equal(await identityOf('/none'), undefined)
})
