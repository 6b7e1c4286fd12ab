import { truncateSync, writeFileSync } from 'node:fs'
import { deflateRawSync } from 'node:zlib'
import t, { type Test } from 'tap'
import { MAX_BYTES } from '../../../bulk/sources/files.ts'
import { ZipFile } from '../../../bulk/sources/zip.ts'
import { zip, type ZipEntry } from '../../support/zip-file.ts'

async function open (t: Test, entries: readonly ZipEntry[], change = (bytes: Buffer): Buffer => bytes): Promise<ZipFile> {
  const path = `${t.testdir({})}/a.zip`
  writeFileSync(path, change(zip(entries)))
  const file = await ZipFile.open(path)
  t.teardown(async () => await file.close())
  return file
}

const text = async (file: ZipFile, name: string): Promise<string> => Buffer.from(await file.read(name)).toString()
const rejects = (t: Test, read: Promise<unknown>, message: string | RegExp) => t.rejects(read, { name: 'UnreadableError', message })

t.test('reads entries in any order', async t => {
  const file = await open(t, [{ name: 'b/' }, { name: 'b/1.jpg', text: 'one' }, { name: 'a.jpg', text: 'x'.repeat(1e5), method: 8 }, { name: 'empty.jpg', method: 8 }])
  t.same([...file.names()], ['b/1.jpg', 'a.jpg', 'empty.jpg'])
  t.equal(await text(file, 'a.jpg'), 'x'.repeat(1e5))
  t.same(await Promise.all(['b/1.jpg', 'empty.jpg', 'b/1.jpg'].map(name => text(file, name))), ['one', '', 'one'])
  t.equal(file.stamp('b/1.jpg'), '3-7a6c86f1')
  t.equal(file.stamp('none'), '')
  await rejects(t, file.read('none'), 'the zip file has no such entry')
})

t.test('keeps odd names, and takes the last of two equal ones', async t => {
  const names = ['../up.jpg', '/etc/x.jpg', 'a//b.jpg', 'å/日本.jpg']
  const file = await open(t, [...names.map(name => ({ name, text: name })), { name: 'a//b.jpg', text: 'last' }, { name: Buffer.of(0x81, 0x2e, 0x6a), text: 'cp437' }])
  t.same([...file.names()], [...names, 'ü.j'])
  t.same(await Promise.all(names.map(name => text(file, name))), ['../up.jpg', '/etc/x.jpg', 'last', 'å/日本.jpg'])
})

t.test('what can not be read fails alone', async t => {
  const file = await open(t, [
    { name: 'encrypted', text: 'x', flags: 1 },
    { name: 'lzma', text: 'x', method: 14 },
    { name: 'odd', text: 'x', method: 77 },
    { name: 'bomb', text: 'x', declared: MAX_BYTES + 1 },
    { name: 'longer', data: deflateRawSync('x'.repeat(1e6)), method: 8, text: 'xx' },
    { name: 'shorter', data: deflateRawSync('x'), method: 8, text: 'xx' },
    { name: 'wrong', text: 'x', crc: 1 },
    { name: 'damaged', text: 'x', method: 8, data: Buffer.from([0xff, 0xff]) },
    { name: 'far', text: 'x', offset: 1e6 },
    { name: 'elsewhere', text: 'x', offset: 3 },
    { name: 'good', text: 'x' }
  ])
  await rejects(t, file.read('encrypted'), 'is encrypted; extract it with its password first')
  await rejects(t, file.read('lzma'), 'is compressed with LZMA; only Deflate is read')
  await rejects(t, file.read('odd'), 'is compressed with method 77; only Deflate is read')
  await rejects(t, file.read('bomb'), 'has 513 MB; at most 512 MB are read')
  await rejects(t, file.read('longer'), 'its data in the zip file are damaged')
  await rejects(t, file.read('shorter'), /checksum/)
  await rejects(t, file.read('wrong'), 'its checksum in the zip file is wrong: it is damaged')
  await rejects(t, file.read('damaged'), 'its data in the zip file are damaged')
  await rejects(t, file.read('far'), 'the zip file is damaged or cut short')
  await rejects(t, file.read('elsewhere'), 'the zip file is damaged or cut short')
  t.equal(await text(file, 'good'), 'x')
})

t.test('a file that is not a zip file', async t => {
  await t.rejects(open(t, [], () => Buffer.from('text')), { message: /^End of central directory/ })
  await t.rejects(open(t, [{ name: 'a', text: 'x' }], bytes => { bytes[31 + 1] = 0; return bytes }), { message: /central directory/ })
  await t.rejects(ZipFile.open('/none.zip'), { code: 'ENOENT' })
})

t.test('a file that is cut while it is read', async t => {
  const path = `${t.testdir({})}/a.zip`
  writeFileSync(path, zip([{ name: 'a', text: 'x'.repeat(100) }]))
  const file = await ZipFile.open(path)
  truncateSync(path, 50)
  await rejects(t, file.read('a'), 'the zip file is damaged or cut short')
  await file.close()
})
