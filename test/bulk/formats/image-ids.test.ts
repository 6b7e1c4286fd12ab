import t from 'tap'
import { ImageIds } from '../../../bulk/formats/image-ids.ts'

const idsOf = (...files: readonly string[]) => new ImageIds('all.json', files.map((file, id) => ({ id, file_name: file })))

t.test('whole paths come first, then the longest end of either path', async t => {
  const ids = idsOf('1.jpg', 'b/1.jpg', 'a/b/1.jpg', '/data/set/c/2.jpg', './3.jpg')
  t.equal(ids.find('a/b/1.jpg'), 2)
  t.equal(ids.find('photos.zip!/x/b/1.jpg'), 1)
  t.equal(ids.find('s3://bucket/x/1.jpg'), 0)
  t.equal(ids.find('c/2.jpg'), 3)
  t.equal(ids.find('./3.jpg'), 4)
})

t.test('an image that is listed twice counts once', async t => {
  const ids = new ImageIds('all.json', [{ id: 1, file_name: 'a.jpg' }, { id: 1, file_name: 'a.jpg' }])
  t.equal(ids.find('a.jpg'), 1)
})

t.test('images that are not listed have none', async t => {
  const ids = idsOf('dogs/1.jpg')
  t.equal(ids.find('cats/1.jpg'), undefined)
  t.equal(ids.find('2.jpg'), undefined)
})

t.test('refuses names that stand for several images, and images with several names', async t => {
  const ids = idsOf('a/1.jpg', 'b/1.jpg', '2.jpg', '3.jpg', '3.jpg')
  const fault = (message: string) => ({ name: 'SourceError', message: `all.json: ${message}; keep the folders of the data set` })
  t.throws(() => ids.find('1.jpg'), fault('1.jpg may be several of its images'))
  t.throws(() => ids.find('3.jpg'), fault('3.jpg may be several of its images'))
  ids.find('x/2.jpg')
  t.throws(() => ids.find('y/2.jpg'), fault('y/2.jpg and another image of the run are both its image 2'))
})
