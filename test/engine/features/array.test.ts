import t from 'tap'
import { isMap, mapSize, NotAMapError } from '../../../engine/features/array.ts'

t.test('a feature map has channels, height and width', async t => {
  t.same(mapSize([1, 464, 13, 12]), { channels: 464, height: 13, width: 12 })
  t.same([isMap([1, 464, 13, 12]), isMap([1, 3549, 112]), isMap([1, 0, 4, 5])], [true, false, false])
})

t.test('other shapes are refused by name', async t => {
  t.throws(() => mapSize([1, 3549, 112]), new NotAMapError([1, 3549, 112]))
  t.throws(() => mapSize([1, 3549, 112]), { message: '[1, 3549, 112] is not a feature map: only [1, channels, height, width] can be drawn' })
  for (const shape of [[], [2, 3, 4, 5], [1, 0, 4, 5], [1, 3, 4, 5, 6]]) t.throws(() => mapSize(shape), NotAMapError, String(shape))
})
