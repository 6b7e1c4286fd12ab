import t from 'tap'
import { costOf, withSums } from '../../../bench/peers/costs.ts'
import { outcome } from '../../support/peers.ts'

const BARE = outcome('bare', { preprocess: 6, network: 10, boxes: 4 }, { preprocess: 6, network: 20, boxes: 4 })

t.test('medians, and ratios turn by turn', async t => {
  const same = { network: { ratio: 1 }, all: { ratio: 1 }, problem: null }
  t.match(costOf(BARE, BARE), { cpu_ms: { preprocess: 6, network: 15, all: 25, decode: null }, ...same })
  const openCv = outcome('OpenCV', { decode: 3, warp: 1, normalize: 1, network: 20 }, { decode: 3, warp: 1, normalize: 1, network: 40 })
  t.match(costOf(openCv, BARE), { cpu_ms: { preprocess: 4, all: 35 }, network: { ratio: 2, spread: [2, 2] }, max_difference: null })
})

t.test('parts that were not measured', async t => {
  const ncnn = costOf(outcome('ncnn', { network: 5 }, { network: 10 }), BARE)
  t.match(ncnn, { cpu_ms: { network: 7.5, all: null }, network: { ratio: 0.5 }, all: null })
  t.match(costOf(outcome('server', { all: 40 }, { all: 60 }), BARE), { cpu_ms: { network: null, all: 50 }, network: null, all: { ratio: 2 } })
  const failed = costOf({ ...outcome('OpenCV'), problem: 'not found' }, BARE)
  t.match(failed, { cpu_ms: { all: null }, network: null, all: null, problem: 'not found' })
})

t.test('a peer without boxes has a sum, one without decoding has none', async t => {
  t.equal(withSums({ preprocess: 1, network: 2 }).all, 3)
  t.equal(withSums({ decode: 1, network: 2 }).all, undefined)
  t.equal(withSums({ all: 7 }).all, 7)
})
