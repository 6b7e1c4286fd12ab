import t from 'tap'
import { colorRange, rangeLabels } from '../../../engine/features/value-range.ts'

const upTo = (count: number) => Float32Array.from({ length: count }, (_, i) => i)

t.test('of many values the outermost percents are cut off', async t => {
  t.same(colorRange(upTo(201)), { min: 2, max: 198, isCut: true })
  t.same(colorRange(Float32Array.of(NaN, Infinity, ...upTo(201))), { min: 2, max: 198, isCut: true })
})

t.test('of few values, and where hardly any differ, none is', async t => {
  t.same(colorRange(upTo(50)), { min: 0, max: 49, isCut: false })
  const oneHot = new Float32Array(400)
  oneHot[7] = 5
  t.same(colorRange(oneHot), { min: 0, max: 5, isCut: false })
  t.same(colorRange(new Float32Array(400)), { min: 0, max: 0, isCut: false })
})

t.test('labels say where there is more', async t => {
  const texts = (isCut: boolean) => rangeLabels({ min: -1, max: 3, isCut }, 10, 110, 20).map(label => />(.*)</.exec(label)![1])
  t.same(texts(false), ['−1', '1', '3'])
  t.same(texts(true), ['≤ −1', '1', '≥ 3'])
  t.match(rangeLabels({ min: 0, max: 1, isCut: false }, 10, 110, 20)[1], /x="60" y="20".*middle/)
})
