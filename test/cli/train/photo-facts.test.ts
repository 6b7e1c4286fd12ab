import { PassThrough } from 'node:stream'
import sharp from 'sharp'
import t from 'tap'
import { readPhotoFacts } from '../../../cli/train/photo-facts.ts'
import { bmpFile } from '../../support/bmp-file.ts'
import { photo } from '../../support/files.ts'

const io = { stdout: new PassThrough(), stderr: new PassThrough() }

t.test('size as displayed, orientation, bytes; why a photo can\'t be read', async t => {
  const plain = photo('sample-me.jpg')
  const rotated = await sharp({ create: { width: 60, height: 40, channels: 3, background: 'gray' } }).jpeg().withMetadata({ orientation: 6 }).toBuffer()
  const huge = bmpFile({ width: 10_001, height: 10_000, bits: 24, data: Buffer.alloc(60) })
  const folder = t.testdir({ 'a.jpg': plain, 'b.jpg': rotated, 'c.jpg': plain.subarray(0, 9000), 'd.jpg': 'text', 'e.jpg': '', 'f.jpg': plain, 'g.bmp': huge })
  const facts = await readPhotoFacts(folder, ['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg', 'e.jpg', 'f.jpg', 'a.jpg', 'g.bmp'], io)
  t.equal(facts.size, 7)
  t.match(facts.get('a.jpg'), { width: 700, height: 700, orientation: 1, hash: /^[\da-f]{64}$/ })
  t.match(facts.get('b.jpg'), { width: 40, height: 60, orientation: 6 })
  t.match(facts.get('c.jpg'), /damaged, cut short/)
  t.match(facts.get('d.jpg'), /^Cannot decode plain text/)
  t.equal(facts.get('e.jpg'), 'The image is empty')
  t.match(facts.get('g.bmp'), /declares 10001×10000 .*; at most 100 megapixels/, 'workers refuse it, too')
  t.same(facts.get('f.jpg'), facts.get('a.jpg'))
})

t.test('a file that can\'t be opened is named', async t => {
  await t.rejects(readPhotoFacts(t.testdir({}), ['none.jpg'], io), { name: 'CommandError', message: /none\.jpg: no such file/ })
})
