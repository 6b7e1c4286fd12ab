import t from 'tap'
import { pictureOf } from '../../engine/tensor-input.ts'
import type { DetectorConfig } from '../../models/config.ts'
import { SMALL } from '../support/model-files.ts'

const OWN_SIZE: DetectorConfig = { ...SMALL, resizeMode: 'keep-ratio' }
const tensor = (shape: number[], count = shape.reduce((a, b) => a * b, 1)) => ({ shape, bytes: new Uint8Array(count) })

t.test('a network of one size takes that size', async t => {
  const input = tensor([1, 64, 96, 3])
  const picture = pictureOf(SMALL, input)
  t.same({ ...picture, pixels: 0 }, { width: 96, height: 64, padded: { width: 96, height: 64 }, pixels: 0 })
  t.equal(picture.pixels, input.bytes, 'nothing is copied')
})

t.test('a network of any size takes what a photo could give, and pads it', async t => {
  t.match(pictureOf(OWN_SIZE, tensor([1, 33, 96, 3])), { width: 96, height: 33, padded: { width: 96, height: 64 } })
  t.match(pictureOf(OWN_SIZE, tensor([1, 1, 1, 3])), { width: 1, height: 1, padded: { width: 32, height: 32 } })
})

t.test('other shapes are refused, with what is expected', async t => {
  const wrong = [
    [1, 96, 64, 3], [1, 3, 64, 96], [2, 64, 96, 3], [64, 96, 3], [1, 64, 96, 3, 1], [1, 64, 96, 4], [], [1, 64], [1, 64, 96],
    [1, 6e9, 9e9, 3], [1, -64, 96, 3]
  ]
  for (const shape of wrong) {
    t.throws(() => pictureOf(SMALL, { shape, bytes: new Uint8Array() }), {
      name: 'TensorError', message: `The input is uint8 [1, 64, 96, 3], not [${shape.join(', ')}]`
    })
  }
  for (const shape of [[1, 65, 96, 3], [1, 64, 97, 3], [1, 0, 96, 3], [1, 2.5, 96, 3], [1, 64, NaN, 3]]) {
    t.throws(() => pictureOf(OWN_SIZE, { shape, bytes: new Uint8Array() }), {
      name: 'TensorError', message: `The input is uint8 [1, 1…64, 1…96, 3], not [${shape.join(', ')}]`
    })
  }
})

t.test('so are bytes that are not as many as the shape says', async t => {
  for (const count of [0, 64 * 96 * 3 - 1, 64 * 96 * 3 + 1]) {
    t.throws(() => pictureOf(SMALL, tensor([1, 64, 96, 3], count)), { name: 'TensorError', message: `[1, 64, 96, 3] takes 18432 bytes, not ${count}` })
  }
})
