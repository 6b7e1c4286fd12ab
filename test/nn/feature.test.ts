import t from 'tap'
import { levelName, levelNumber } from '../../nn/feature.ts'
import { input } from '../../nn/tensor.ts'

t.test('a level is named after its stride', async t => {
  const tensor = input('x', [1])
  t.same([8, 16, 64].map(stride => levelName({ tensor, stride })), ['p3', 'p4', 'p6'])
  t.equal(levelNumber({ tensor, stride: 8 }), 3)
})
