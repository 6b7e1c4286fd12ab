import t from 'tap'
import { FeaturesError } from '../../../engine/errors.ts'
import { wholeArea } from '../../../engine/features/area.ts'
import { NotAMapError } from '../../../engine/features/array.ts'
import { eigenCam } from '../../../engine/features/eigen-cam.ts'
import { reduceChannels } from '../../../engine/features/reduce.ts'

const feature = { shape: [1, 2, 2, 3], data: Float32Array.of(3, 0, -3, 1, 2, -5, 4, 0, -4, -1, 2, 12) }

t.test('figures that a pencil gives', async t => {
  t.same([...reduceChannels(feature, 'mean')], [3.5, 0, -3.5, 0, 2, 3.5])
  t.same([...reduceChannels(feature, 'max')], [4, 0, -3, 1, 2, 12])
  t.same([...reduceChannels(feature, 'l2')], [5, 0, 5, Math.SQRT2, Math.sqrt(8), 13].map(Math.fround))
  t.same([...reduceChannels(feature, 1)], [4, 0, -4, -1, 2, 12])
})

t.test('eigen is EigenCAM, of all cells or an area', async t => {
  const area = { left: 0, right: 2, top: 0, bottom: 2 }
  t.same(reduceChannels(feature, 'eigen'), eigenCam(feature, wholeArea({ width: 3, height: 2 })))
  t.same(reduceChannels(feature, 'eigen', area), eigenCam(feature, area))
  t.notSame(reduceChannels(feature, 'eigen', area), reduceChannels(feature, 'eigen'))
})

t.test('a channel is a copy', async t => {
  reduceChannels(feature, 0)[0] = 99
  t.equal(feature.data[0], 3)
})

t.test('what cannot be reduced is refused', async t => {
  for (const channel of [2, -1, 0.5, NaN]) {
    t.throws(() => reduceChannels(feature, channel), new FeaturesError(`channel ${channel} does not exist: the layer has 2, counted from 0`))
  }
  t.throws(() => reduceChannels({ shape: [1, 4, 3], data: new Float32Array(12) }, 'mean'), NotAMapError)
})
