import t from 'tap'
import { RowBlender, type Neighbors } from '../../../engine/image/row-blender.ts'

const whole = (index: number): Neighbors => ({ before: index, after: index, beforeShare: 1, afterShare: 0 })
const half = (before: number, after: number): Neighbors => ({ before, after, beforeShare: 0.5, afterShare: 0.5 })

t.test('blends neighbors; halves are rounded up', t => {
  const blender = new RowBlender()
  const data = Uint8Array.of(0, 1, 255, 1, 3, 255, 0, 0, 0, 100, 200, 255)
  const source = { width: 2, height: 2, data }
  blender.start(source, [whole(0), half(0, 1), whole(1)])
  t.same([...blender.blend(source, whole(0))], [0, 1, 255, 1, 2, 255, 1, 3, 255])
  t.same([...blender.blend(source, half(0, 1))], [0, 1, 128, 25, 51, 191, 51, 102, 255])
  t.same([...blender.blend(source, whole(1))], [0, 0, 0, 50, 100, 128, 100, 200, 255])
  t.end()
})

t.test('photos of any size after one another; the memory of a gigantic one is not kept', t => {
  const blender = new RowBlender()
  for (const width of [1, 1000, 70_000, 400_000, 30, 500_000, 1]) {
    const data = new Uint8Array(width * 3).fill(7).fill(9, -3)
    const source = { width, height: 1, data }
    blender.start(source, [whole(0), whole(width - 1)])
    t.same([...blender.blend(source, whole(0))], width === 1 ? Array(6).fill(9) : [7, 7, 7, 9, 9, 9], `${width}`)
    t.ok(blender.bytes <= 200_000 + 7 * width, `${blender.bytes} bytes`)
  }
  t.end()
})
