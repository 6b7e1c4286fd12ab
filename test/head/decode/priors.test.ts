import t from 'tap'
import { centerPriors } from '../../../head/decode/priors.ts'

t.test('level by level, row by row', async t => {
  const priors = centerPriors({ width: 64, height: 32 }, [16, 32], 0.5)
  t.equal(priors.length, 8 + 2)
  t.same(priors[5], { x: 24, y: 24, stride: 16 })
  t.same(priors.at(-1), { x: 48, y: 16, stride: 32 })
})

t.test('cells that stick out count', async t => {
  const priors = centerPriors({ width: 416, height: 416 }, [8, 16, 32, 64], 0)
  t.equal(priors.length, 3598)
  t.same(priors[0], { x: 0, y: 0, stride: 8 })
  t.same(priors.at(-1), { x: 384, y: 384, stride: 64 })
})
