import sharp from 'sharp'
import t from 'tap'
import { stacked } from '../../../engine/features/stack.ts'

const plain = (width: number, height: number, background: string): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background } }).png().toBuffer()

t.test('one below the other, at the left', async t => {
  const joined = sharp(await stacked([await plain(40, 30, '#f00'), await plain(20, 10, '#0f0')], 'png'))
  const { data, info } = await joined.raw().toBuffer({ resolveWithObject: true })
  t.same([info.width, info.height], [40, 30 + 12 + 10])
  const at = (x: number, y: number) => [...data.subarray((y * 40 + x) * info.channels).subarray(0, 3)]
  t.same(at(39, 29), [255, 0, 0])
  t.same(at(0, 42), [0, 255, 0])
  t.same(at(30, 45), [48, 48, 54])
})

t.test('one picture stays as it is', async t => {
  const picture = await plain(4, 4, '#00f')
  t.equal(await stacked([picture], 'png'), picture)
})
