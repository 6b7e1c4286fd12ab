import t from 'tap'
import { blankCanvas, paintColorBar, paintMap } from '../../../engine/features/canvas.ts'
import { COLORS } from '../../../engine/features/color-map.ts'

const LOWEST = [0, 0, 4]
const HIGHEST = [252, 255, 164]
const EMPTY = [48, 48, 54]

t.test('a map is painted in squares, and nothing beside it', async t => {
  const canvas = blankCanvas({ width: 8, height: 7 })
  paintMap(canvas, 1, 2, { values: Float32Array.of(0, 1, 1, 1, 0, 0), width: 3, min: 0, max: 1 }, 2)
  const picture = ['........', '........', '.aabbbb.', '.aabbbb.', '.bbaaaa.', '.bbaaaa.', '........'].join('')
  const colors: Record<string, number[]> = { '.': EMPTY, a: LOWEST, b: HIGHEST }
  t.same([...canvas.data], [...picture].flatMap(pixel => colors[pixel]!))
})

t.test('a color bar goes through all colors', async t => {
  const canvas = blankCanvas({ width: 256, height: 4 })
  paintColorBar(canvas, 0, 1, { width: 256, height: 2 })
  const row = (y: number) => [...canvas.data.subarray(y * 768, (y + 1) * 768)]
  t.same(row(0).slice(0, 3), EMPTY)
  t.same(row(1), [...COLORS.subarray(0, 768)])
  t.same(row(2), row(1))
  t.same(row(3).slice(0, 3), EMPTY)
})
