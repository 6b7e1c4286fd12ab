import t from 'tap'
import { escapePart, outputPath } from '../../../bulk/outputs/output-path.ts'

t.test('files mirror the names of images', async t => {
  const cases: Array<[name: string, path: string]> = [
    ['photos/a/b.jpg', 'drawings/photos/a/b.jpg.jpg'],
    ['./photos/b.png', 'drawings/photos/b.png.jpg'],
    ['/data/b.jpg', 'drawings/root/data/b.jpg.jpg'],
    ['s3://bucket/2026/b.jpg', 'drawings/s3/bucket/2026/b.jpg.jpg'],
    ['photos.zip!/a/b.jpg', 'drawings/photos.zip!/a/b.jpg.jpg'],
    ['../b.jpg', 'drawings/%../b.jpg.jpg'],
    ['a.jpg.jpg/b.jpg', 'drawings/a.jpg.jpg%/b.jpg.jpg'],
    ['photos/2026-1.jpg', 'drawings/photos/2026-1.jpg.jpg']
  ]
  for (const [name, path] of cases) t.equal(outputPath('drawings', name, '.jpg'), path)
  t.equal(outputPath('crops', 'photos/2026-1.jpg', ''), 'crops/photos/2026-1.jpg')
})

t.test('different names have different paths, all of them below the folder', async t => {
  const names = [
    'a', '/a', 'root/a', '%root/a', 's3/b/a', 's3://b/a', 's3://b//a', 's3://b/./a', 's3://b/../a', '../a', '%../a', 'x/../a', 'a\n', 'a%0a', 'a\\b', 'a/b',
    'a:', 'a.', 'a ', 'a%', 'a%25', '\udcff.jpg', '\udcfe.jpg', '\ufffd.jpg', `${'x'.repeat(300)}1`, `${'x'.repeat(300)}2`, `${'ü'.repeat(150)}1`, `${'ü'.repeat(150)}2`
  ]
  const paths = names.map(name => outputPath('crops', name, '.txt'))
  t.equal(new Set(paths).size, names.length)
  for (const path of paths) {
    t.ok(path.split('/').every(part => part !== '' && part !== '.' && part !== '..' && Buffer.byteLength(part) <= 255), path)
    t.equal(Buffer.from(path).toString(), path, 'UTF-8')
  }
})

t.test('a part has no separators and no characters of a terminal', async t => {
  t.equal(escapePart('traffic light'), 'traffic light')
  t.equal(escapePart('a/b\u001b'), 'a%2fb%1b')
})

t.test('a long path becomes a hash, which file systems and S3 take', async t => {
  const paths = ['a.jpg', 'b.jpg'].map(name => outputPath('drawings', `photos.zip!/${'a/'.repeat(3000)}${name}`, '.jpg'))
  for (const path of paths) t.match(path, /^drawings\/%long\/[0-9a-f]{32}\.jpg$/)
  t.not(paths[0], paths[1])
})

t.test('a folder is not the file of an object that was cut out of an image of its name', async t => {
  t.equal(outputPath('crops', 'z.zip!/a.jpg/0-person.jpg', ''), 'crops/z.zip!/a.jpg/0-person.jpg%')
  t.equal(outputPath('crops', 'z.zip!/a.jpg/0-person.jpg/b.jpg', ''), 'crops/z.zip!/a.jpg/0-person.jpg%/b.jpg')
})
