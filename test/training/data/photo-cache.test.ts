import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import t from 'tap'
import { PhotoCache } from '../../../training/data/photo-cache.ts'

const folder = t.testdir()
const BYTES = 10 * 10 * 3

async function png (name: string): Promise<string> {
  const path = join(folder, name)
  writeFileSync(path, await sharp({ create: { width: 10, height: 10, channels: 3, background: 'red' } }).png().toBuffer())
  return path
}

t.test('keeps the last used photos within its limit', async t => {
  const [a, b, c] = [await png('a.png'), await png('b.png'), await png('c.png')]
  const cache = new PhotoCache(2 * BYTES)
  const first = await cache.read(a)
  t.same([...first.data.subarray(0, 3)], [255, 0, 0])
  await cache.read(b)
  t.equal(await cache.read(a), first, 'decoded once')
  await cache.read(c)
  t.equal(cache.bytes, 2 * BYTES)
  rmSync(b)
  t.equal(await cache.read(a), first)
  await t.rejects(cache.read(b), { code: 'ENOENT' }, 'the one used longest ago is gone')
  await Promise.all([cache.read(c), cache.read(c)])
  t.equal(cache.bytes, 2 * BYTES)
})

t.test('a photo is kept as it was decoded', async t => {
  const cache = new PhotoCache(BYTES)
  const path = await png('small.png')
  const decode = async () => ({ data: new Uint8Array(3), width: 1, height: 1 })
  t.equal((await cache.read(path, decode)).width, 1)
  t.equal((await cache.read(path, decode)).width, 1)
  t.equal(cache.bytes, 3)
})

t.test('a photo larger than the limit is not kept', async t => {
  const cache = new PhotoCache(BYTES - 1)
  await cache.read(await png('d.png'))
  t.equal(cache.bytes, 0)
})

t.test('an unreadable photo is an ImageError', async t => {
  const path = join(folder, 'text.png')
  writeFileSync(path, 'not a picture')
  await t.rejects(new PhotoCache(BYTES).read(path), { name: 'ImageError' })
})
