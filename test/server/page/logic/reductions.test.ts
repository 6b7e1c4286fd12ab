import t from 'tap'
import { channelIn, hasClasses, mapOf, modeOf, REDUCTIONS, scoreOf } from '../../../../server/page/logic/reductions.ts'

const alignment = { image: { width: 4, height: 4 }, input: { width: 4, height: 4 }, warp: { scale: [1, 1], pad: [0, 0] } } as const
const feature = { shape: [1, 2, 2, 2], data: Float32Array.of(3, 0, 0, 1, 4, 0, 2, 1) }

t.test('every reduction makes a map', async t => {
  for (const { name } of REDUCTIONS) t.match(mapOf(alignment, 'p3', feature, name), { name: 'p3', stride: 2, width: 2, height: 2 })
  t.same([...mapOf(alignment, 'p3', feature, 'l2').data], [5, 0, 2, Math.fround(Math.SQRT2)])
  t.same([...mapOf(alignment, 'p3', feature, '1').data], [4, 0, 2, 1])
})

t.test('what a layer does not have is shown as l2', async t => {
  t.same(['mean', '1', '2', 'strange'].map(reduce => modeOf(reduce, 2)), ['mean', 1, 'l2', 'l2'])
  t.same(['7', 'l2', '1e3'].map(channelIn), [7, undefined, undefined])
})

t.test('the first channels of the head\'s levels are classes', async t => {
  t.ok(hasClasses('pred3', 112, ['a', 'b']))
  t.notOk(hasClasses('p3', 112, ['a', 'b']))
  t.notOk(hasClasses('pred3', 1, ['a', 'b']))
  t.equal(scoreOf(0), 0.5)
})
