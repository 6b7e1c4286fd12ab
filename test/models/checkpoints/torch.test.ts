import { zipSync } from 'fflate'
import t from 'tap'
import { readTorch } from '../../../models/checkpoints/torch.ts'
import { global, legacyFile, pickle, reduce, textOf, zipFile } from '../../support/torch-file.ts'

const data = Float32Array.of(1, 2, 3, 4, 5, 6)
const tensors = {
  weight: { shape: [2, 3], data },
  transposed: { shape: [3, 2], data, strides: [1, 3] },
  part: { shape: [2], data, offset: 3 },
  scalar: { shape: [], data: Float32Array.of(9) }
}

for (const [format, write] of Object.entries({ zip: zipFile, legacy: legacyFile })) {
  t.test(`${format}: tensors, views and all`, async t => {
    const found = readTorch(write(tensors))
    t.same([...found.keys()], Object.keys(tensors))
    t.same(found.get('weight'), { shape: [2, 3], data })
    t.same(found.get('transposed'), { shape: [3, 2], data: Float32Array.of(1, 4, 2, 5, 3, 6) })
    t.same(found.get('part'), { shape: [2], data: Float32Array.of(4, 5) })
    t.same(found.get('scalar'), { shape: [], data: Float32Array.of(9) })
  })

  t.test(`${format}: cut short anywhere, it is one clear error`, async t => {
    const file = write(tensors)
    for (let length = 16; length < file.length - 30; length += 41) {
      t.throws(() => readTorch(file.subarray(0, length)), { name: 'CheckpointError' }, `${length} bytes`)
    }
  })
}

t.test('files of something else', async t => {
  t.throws(() => readTorch(pickle(Buffer.from('K\x01'))), { message: /magic number/ })
  t.throws(() => readTorch(zipFile({ huge: { shape: [1e6, 1e6], data, strides: [0, 0] } })), { message: /ends before huge/ })
  t.throws(() => readTorch(pickle(reduce(global('os', 'system'), textOf('true')))), { message: /os\.system/ })
  const noPickle = Buffer.from(zipFile({}).toString('latin1').replaceAll('data.pkl', 'data.txt'), 'latin1')
  t.throws(() => readTorch(noPickle), { message: /no data\.pkl/ })
})

t.test('a small zip that unpacks to more than memory is refused before it is unpacked', async t => {
  const bomb = Buffer.from(zipSync({ 'archive/data.pkl': new Uint8Array(2 ** 20) }))
  const size = Buffer.alloc(4)
  size.writeUInt32LE(2 ** 31)
  const central = bomb.indexOf('PK\x01\x02', 'latin1')
  size.copy(bomb, central + 24) // what the directory says of the unpacked size
  t.throws(() => readTorch(bomb), { name: 'CheckpointError', message: /it unpacks to more than 1 GiB/ })
})
