import t from 'tap'
import { mosaic, type Scene } from '../../../training/data/mosaic.ts'

/** A photo of one color with one object that fills it. */
const plain = (value: number): Scene =>
  ({ photo: { width: 20, height: 20, data: new Uint8Array(1200).fill(value) }, objects: [{ box: [0, 0, 20, 20], label: value }] })

t.test('four photos meet in one, each with its objects', async t => {
  const { photo: { data, ...size }, objects } = mosaic([10, 20, 30, 40].map(plain), { width: 100, height: 80 }, () => 0.5)
  t.same(size, { width: 100, height: 80 })
  t.same(objects.map(({ box }) => box), [[5, 0, 45, 40], [55, 0, 95, 40], [5, 40, 45, 80], [55, 40, 95, 80]])
  for (const { box: [x1, y1, x2, y2], label } of objects) {
    t.equal(data[((y1 + y2) / 2 * 100 + (x1 + x2) / 2) * 3], label)
  }
})
