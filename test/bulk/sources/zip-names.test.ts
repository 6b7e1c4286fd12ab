import { rmSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { isZipName, parseZipName, ZipFiles } from '../../../bulk/sources/zip-names.ts'
import { gather } from '../../support/gather.ts'
import { zip } from '../../support/zip-file.ts'

t.test('names of entries', async t => {
  t.same(parseZipName('a/photos.zip!/b/c.jpg'), { zip: 'a/photos.zip', entry: 'b/c.jpg' })
  t.same(parseZipName('x.ZIP!//etc/a.zip!/b.jpg'), { zip: 'x.ZIP', entry: '/etc/a.zip!/b.jpg' })
  for (const name of ['photos.zip', 'photos.zip/a.jpg', '.zip!/a', 'photos!/a.jpg']) t.equal(parseZipName(name), undefined, name)
  t.same(['a.zip', 'a.ZIP', 'a.zip.jpg'].map(isZipName), [true, true, false])
})

t.test('finds and reads images', async t => {
  const path = `${t.testdir({})}/a.zip`
  writeFileSync(path, zip(['b.jpg', 'a/../c.png', 'notes.txt', '__MACOSX/._b.jpg', '.x/y.jpg'].map(name => ({ name, text: name }))))
  const zips = new ZipFiles()
  const items = await gather(zips.items(path))
  t.same(items.map(({ name }) => name), [`${path}!/b.jpg`, `${path}!/a/../c.png`])
  for (const { name, stamp } of items) {
    t.equal(await zips.stamp(parseZipName(name)!), stamp)
    t.equal(Buffer.from(await zips.read(parseZipName(name)!)).toString(), parseZipName(name)!.entry)
  }
  await zips.close()
})

t.test('reads a zip file that has replaced another, and some at a time', async t => {
  const folder = t.testdir({})
  const zips = new ZipFiles()
  const read = async (name: string) => Buffer.from(await zips.read({ zip: `${folder}/${name}.zip`, entry: 'a' })).toString()
  for (let i = 0; i < 6; i++) writeFileSync(`${folder}/${i}.zip`, zip([{ name: 'a', text: `${i}` }]))
  t.same(await Promise.all([0, 1, 2, 3, 4, 5, 0].map(i => read(`${i}`))), ['0', '1', '2', '3', '4', '5', '0'])
  rmSync(`${folder}/5.zip`)
  writeFileSync(`${folder}/5.zip`, zip([{ name: 'a', text: 'new one' }]))
  t.equal(await read('5'), 'new one')
  await zips.close()
})

t.test('problems', async t => {
  const folder = t.testdir({ 'bad.zip': 'text' })
  const zips = new ZipFiles()
  const name = { zip: `${folder}/none.zip`, entry: 'a' }
  t.equal(await zips.stamp(name), '')
  await t.rejects(zips.read(name), { name: 'UnreadableError', message: `${name.zip}: no such file or directory` })
  await t.rejects(gather(zips.items(`${folder}/bad.zip`)), { name: 'SourceError', message: /bad.zip: not a zip file that can be read: End of/ })
  await t.rejects(gather(zips.items(folder)), { name: 'SourceError', message: /: is a directory, not a file$/ })
})
