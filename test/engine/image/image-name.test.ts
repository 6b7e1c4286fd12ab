import t from 'tap'
import { isImageName } from '../../../engine/image/image-name.ts'

t.test('knows image files by their extension, in any case', async t => {
  for (const name of ['a.jpg', 'b/c.JPEG', 'd.e.Png', 'f.tif']) t.ok(isImageName(name), name)
  for (const name of ['a.txt', 'jpg', '.jpg', 'a.jpg.json', 'a.jpg/b']) t.notOk(isImageName(name), name)
})
