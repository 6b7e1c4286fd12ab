import t from 'tap'
import { defaultPhotos, readPhotos } from '../../../cli/load/photos.ts'
import { photo } from '../../support/files.ts'

t.test('the photos of a folder, by name', async t => {
  const folder = t.testdir({ 'b.jpg': photo('sample1.jpg'), 'a.JPEG': photo('sample-me.jpg'), 'c.txt': 'text' })
  const photos = await readPhotos(folder)
  t.same(photos, [{ path: `${folder}/a.JPEG`, bytes: photo('sample-me.jpg') }, { path: `${folder}/b.jpg`, bytes: photo('sample1.jpg') }])
})

t.test('without a folder, those of the weights\' npm package, or the one in this package', async t => {
  t.ok((await readPhotos()).some(({ path }) => path.endsWith('nanodet-m-416-tfjs/assets/sample-me.jpg')))
  t.ok((await readPhotos(defaultPhotos('not-installed'))).some(({ path }) => path.endsWith('docs/images/street.jpg')))
})

t.test('a folder without photos, and none', async t => {
  const folder = t.testdir({ 'c.txt': 'text' })
  await t.rejects(readPhotos(folder), { name: 'CommandError', message: `${folder}: has no .jpg file` })
  await t.rejects(readPhotos(`${folder}/none`), { name: 'CommandError', message: /none: no such file or directory/ })
})
