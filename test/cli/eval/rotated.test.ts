import t from 'tap'
import { boundsOfRotated } from '../../../cli/eval/rotated.ts'

const rounded = (values: readonly number[]): number[] => values.map(value => Math.round(value * 1000) / 1000)

t.test('rotates clockwise about a point of the box', async t => {
  const box = [10, 20, 40, 20] as const
  t.same(rounded(boundsOfRotated(box, 90, [0.5, 0.5])), [20, 10, 20, 40])
  t.same(rounded(boundsOfRotated(box, 90, [0, 0])), [-10, 20, 20, 40], 'the top left corner stays, the top side points down')
  t.same(rounded(boundsOfRotated(box, -90, [0, 0])), [10, -20, 20, 40])
  t.same(rounded(boundsOfRotated([0, 0, 2, 2], 45, [0.5, 0.5])), [-0.414, -0.414, 2.828, 2.828])
})
