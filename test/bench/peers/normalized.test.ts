import t from 'tap'
import { normalized } from '../../../bench/peers/normalized.ts'
import { SMALL } from '../../support/model-files.ts'

const SIZE = { width: 2, height: 1 }
const picture = { ...SIZE, padded: SIZE, pixels: Uint8Array.of(10, 20, 30, 40, 50, 60) }
const normalization = { mean: [10, 20, 30], std: [1, 2, 10] } as const

t.test('planes of the channels in the network\'s order', async t => {
  const planes = (channelOrder: 'RGB' | 'BGR') =>
    [...normalized(picture, { config: { ...SMALL, normalization: { ...normalization, channelOrder } }, padded: SIZE })]
  t.same(planes('RGB'), [0, 30, 0, 15, 0, 3])
  t.same(planes('BGR'), [20, 50, 0, 15, -2, 1])
})

t.test('zeros right and below', async t => {
  const padded = { width: 3, height: 2 }
  const config = { ...SMALL, normalization: { ...normalization, channelOrder: 'RGB' as const } }
  t.same([...normalized(picture, { config, padded })].slice(0, 6), [0, 30, 0, 0, 0, 0])
})
