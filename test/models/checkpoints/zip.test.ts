import { crc32 } from 'node:zlib'
import { zipSync } from 'fflate'
import t from 'tap'
import { ZipArchive } from '../../../models/checkpoints/zip.ts'

const hello = new Uint8Array(Buffer.from('hello '.repeat(100)))
const zip = (files: Record<string, Uint8Array>, level: 0 | 6): Buffer => Buffer.from(zipSync(files, { level }))

for (const level of [0, 6] as const) {
  t.test(`files of level ${level} are read by name`, async t => {
    const archive = new ZipArchive(zip({ 'a/b': hello, 'a/empty': new Uint8Array() }, level))
    t.same(archive.names(), ['a/b', 'a/empty'])
    t.same(archive.read('a/b'), Buffer.from(hello))
    t.equal(archive.read('a/empty')!.length, 0)
    t.equal(archive.read('a/c'), undefined)
  })

  t.test(`level ${level}: cut off anywhere, it is one clear error`, async t => {
    const file = zip({ 'a/b': hello, c: hello }, level)
    for (let length = 0; length < file.length; length += 7) {
      t.throws(() => new ZipArchive(file.subarray(0, length)), { name: 'ZipError' }, `${length} bytes`)
    }
  })
}

const number = (size: 2 | 4 | 8, value: number): Buffer => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes.subarray(0, size)
}
interface Entry { name: string, offset: number, packed: number, size: number, method?: number, flags?: number, extra?: Buffer }
const local = (name: string, data: Uint8Array): Buffer => Buffer.concat([Buffer.from('PK\x03\x04'), number(2, 45), number(8, 0),
  number(4, crc32(data)), number(4, data.length), number(4, data.length), number(2, name.length), number(2, 0), Buffer.from(name), data])
const entry = ({ name, offset, packed, size, method = 0, flags = 0, extra = Buffer.alloc(0) }: Entry): Buffer => Buffer.concat([
  Buffer.from('PK\x01\x02'), number(4, 0), number(2, flags), number(2, method), number(8, 0), number(4, packed), number(4, size),
  number(2, name.length), number(2, extra.length), number(2, 0), number(8, 0), number(4, offset), Buffer.from(name), extra])
const end = (count: number, at: number): Buffer =>
  Buffer.concat([Buffer.from('PK\x05\x06'), number(4, 0), number(2, count), number(2, count), number(4, 0), number(4, at), number(2, 0)])

const end64 = (length: number, at: number): Buffer => Buffer.concat([Buffer.from('PK\x06\x06'), number(8, 44), number(4, 0), number(8, 0),
  number(8, 1), number(8, 1), number(8, length), number(8, at)])

t.test('64-bit archives: sizes in extra fields, and another end of the directory', async t => {
  const first = local('x', hello)
  const sizes = [number(8, 600), number(8, 600), number(8, 0)]
  const extra = Buffer.concat([number(2, 9), number(2, 1), Buffer.of(0), number(2, 1), number(2, 24), ...sizes])
  const directory = entry({ name: 'x', offset: 0xffffffff, packed: 0xffffffff, size: 0xffffffff, extra })
  const wide = end64(directory.length, first.length)
  const locator = Buffer.concat([Buffer.from('PK\x06\x07'), number(4, 0), number(8, first.length + directory.length), number(4, 1)])
  const file = Buffer.concat([first, directory, wide, locator, end(0xffff, 0xffffffff)])
  t.same(new ZipArchive(file).read('x'), Buffer.from(hello))
  const broken = Buffer.concat([first, directory, Buffer.alloc(wide.length), locator, end(0xffff, 0xffffffff)])
  t.throws(() => new ZipArchive(broken), { message: 'its directory is damaged' })
  const without = Buffer.concat([first, entry({ name: 'x', offset: 0, packed: 0xffffffff, size: 600 }), end(1, first.length)])
  t.throws(() => new ZipArchive(without).read('x'), { message: 'x is cut off' })
})

t.test('what is damaged, encrypted or packed in another way', async t => {
  const first = local('x', hello)
  const archive = (change: Partial<Entry>) =>
    new ZipArchive(Buffer.concat([first, entry({ name: 'x', offset: 0, packed: 600, size: 600, ...change }), end(1, first.length)]))
  t.same(archive({}).read('x'), Buffer.from(hello))
  t.throws(() => archive({ offset: 5 }).read('x'), { message: 'x is not where the directory says' })
  t.throws(() => archive({ offset: 2 ** 30 }).read('x'), { message: /damaged or cut off/ })
  t.throws(() => archive({ flags: 1 }).read('x'), { message: 'x is encrypted' })
  t.throws(() => archive({ method: 12 }).read('x'), { message: 'x is compressed by the unknown method 12' })
  t.throws(() => archive({ method: 8 }).read('x'), { message: /damaged or cut off/ })
  t.throws(() => new ZipArchive(Buffer.concat([first, Buffer.alloc(50), end(1, first.length)])), { message: 'its directory is damaged' })
})

t.test('an archive whose directory names one entry many times takes no more memory than its size', async t => {
  const data = new Uint8Array(2 ** 20)
  const first = local('x', data)
  const entries = Array.from({ length: 4000 }, (_, i) => entry({ name: `data/${i}`, offset: 0, packed: data.length, size: data.length }))
  const archive = new ZipArchive(Buffer.concat([first, ...entries, end(4000, first.length)]))
  const before = process.memoryUsage().arrayBuffers
  const files = archive.names().map(name => archive.read(name)!)
  t.equal(files.length, 4000)
  t.ok(process.memoryUsage().arrayBuffers - before < 2 ** 22)
})

t.test('an archive that unpacks to far more than its size is refused before that', async t => {
  const files = Object.fromEntries(Array.from({ length: 90 }, (_, i) => [`data/${i}`, new Uint8Array(2 ** 20)]))
  const archive = new ZipArchive(zip(files, 6))
  t.throws(() => archive.names().map(name => archive.read(name)), { name: 'ZipError', message: /unpacks to far more than its own size/ })
  const liar = zip({ x: new Uint8Array(2 ** 20) }, 6)
  number(4, 1000).copy(liar, liar.indexOf('PK\x01\x02') + 24)
  t.throws(() => new ZipArchive(liar).read('x'), { name: 'ZipError' })
  number(4, 2 ** 21).copy(liar, liar.indexOf('PK\x01\x02') + 24)
  t.throws(() => new ZipArchive(liar).read('x'), { message: 'a file in it is cut off' })
})
