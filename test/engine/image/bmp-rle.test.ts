import t from 'tap'
import { unpackRle } from '../../../engine/image/bmp-rle.ts'
import { cpuClock } from '../../support/cpu-time.ts'

const unpack = (bits: number, width: number, height: number, ...bytes: number[]) =>
  [...unpackRle(Buffer.from(bytes), { width, height, bits })]

t.test('bytes: runs, single values, ends of rows', async t => {
  t.same(unpack(8, 3, 2, 3, 7, 0, 0, 1, 1, 2, 2, 0, 1), [7, 7, 7, 1, 2, 2])
  t.same(unpack(8, 3, 1, 0, 3, 4, 5, 6, 0, 0, 1), [4, 5, 6], 'values are filled up to an even number of bytes')
})

t.test('half bytes', async t => {
  t.same(unpack(4, 5, 1, 5, 0x12, 0, 1), [1, 2, 1, 2, 1])
  t.same(unpack(4, 5, 2, 0, 5, 0x12, 0x34, 0x50, 0, 0, 0, 5, 0x66, 0, 1), [1, 2, 3, 4, 5, 6, 6, 6, 6, 6])
})

t.test('what is skipped is 0', async t => {
  t.same(unpack(8, 3, 3, 1, 1, 0, 2, 1, 1, 1, 2, 0, 1), [1, 0, 0, 0, 0, 2, 0, 0, 0])
  t.same(unpack(8, 2, 2, 0, 1), [0, 0, 0, 0])
})

t.test('what lies outside is dropped', async t => {
  t.same(unpack(8, 2, 2, 9, 1, 0, 0, 9, 2, 0, 1), [1, 1, 2, 2])
  t.same(unpack(8, 2, 1, 1, 1, 0, 2, 200, 200, 1, 1, 0, 1), [1, 0])
})

t.test('the end may be missing, but no pixel', async t => {
  t.same(unpack(8, 2, 1, 2, 5), [5, 5])
  t.throws(() => unpack(8, 2, 2, 2, 5), { message: /cut short/ })
  t.throws(() => unpack(8, 2, 2, 0, 9, 1), { message: /cut short/ })
  t.throws(() => unpack(8, 4, 1, 0, 4, 1, 2), { message: /cut short/ }, 'not even of the last row')
  t.throws(() => unpack(8, 4, 1, 0, 2), { message: /cut short/ })
})

t.test('runs that leave the picture take no time', async t => {
  const spent = cpuClock()
  t.throws(() => unpackRle(Buffer.alloc(4e6, 255), { width: 1, height: 2, bits: 8 }), { message: /cut short/ })
  t.ok(spent() < 1000)
})
