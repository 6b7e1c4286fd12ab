import t from 'tap'
import { writeNpy } from '../../../engine/features/npy.ts'

t.test('the header is numpy\'s, and the data aligned', async t => {
  const cases = [
    { shape: [1, 2, 1, 3], data: Float32Array.of(0.5, -2, 3, 4, 5, 6), header: '{\'descr\': \'<f4\', \'fortran_order\': False, \'shape\': (1, 2, 1, 3), }' },
    { shape: [2], data: BigInt64Array.of(1n, -2n), header: '{\'descr\': \'<i8\', \'fortran_order\': False, \'shape\': (2,), }' },
    { shape: [], data: Int32Array.of(-7), header: '{\'descr\': \'<i4\', \'fortran_order\': False, \'shape\': (), }' },
    { shape: [0, 4], data: new Float32Array(0), header: '{\'descr\': \'<f4\', \'fortran_order\': False, \'shape\': (0, 4), }' }
  ]
  for (const { shape, data, header } of cases) {
    const file = Buffer.from(writeNpy({ shape, data }))
    t.equal(file.toString('latin1', 0, 8), '\x93NUMPY\x01\x00')
    const start = 10 + file.readUInt16LE(8)
    t.equal(start % 64, 0)
    t.match(file.toString('latin1', 10, start), /^\{.*\} *\n$/)
    t.equal(file.toString('latin1', 10, start).trimEnd(), header)
    t.equal(file.length, start + data.byteLength)
  }
})

t.test('a header of any length ends on the alignment', async t => {
  for (let rank = 0; rank < 32; rank++) {
    const file = Buffer.from(writeNpy({ shape: new Array(rank).fill(1), data: Float32Array.of(1) }))
    t.equal((10 + file.readUInt16LE(8)) % 64, 0)
    t.equal(file[9 + file.readUInt16LE(8)], 0x0a)
  }
})

t.test('values are little-endian, and only those of the array', async t => {
  const floats = Buffer.from(writeNpy({ shape: [2], data: Float32Array.of(9, 0.5, -2, 9).subarray(1, 3) }))
  t.strictSame([floats.length, floats.readFloatLE(128), floats.readFloatLE(132)], [136, 0.5, -2])
  const longs = Buffer.from(writeNpy({ shape: [1], data: BigInt64Array.of(-(2n ** 40n)) }))
  t.equal(longs.readBigInt64LE(128), -(2n ** 40n))
})
