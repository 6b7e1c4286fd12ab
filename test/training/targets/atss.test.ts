import t from 'tap'
import { assignAtss } from '../../../training/targets/atss.ts'
import { pointsOf } from '../../../training/targets/points.ts'
import { fixture } from '../../support/files.ts'
import { maxDifference } from '../../support/run.ts'
import { configOf, objectsOf, type Scene } from '../../support/training.ts'

interface Case extends Scene {
  name: string
  width: number
  height: number
  positives: number[]
  gtIndex: number[]
  label: number[]
  iou: number[]
}

const cases: Case[] = fixture('training-targets.json').atss

for (const { name, width, height, positives, gtIndex, label, iou, ...scene } of cases) {
  t.test(`equals upstream's: ${name}, ${width}×${height}`, async t => {
    const objects = objectsOf(scene)
    const { points, objects: owners, overlaps } = assignAtss(objects, pointsOf(configOf('nanodet-m', width, height, 5)))
    t.same([...points], positives)
    t.same([...owners], gtIndex)
    t.same([...owners].map(i => objects[i]!.label), label)
    t.ok(maxDifference(overlaps, iou) < 1e-5)
  })
}

t.test('a single candidate has no deviation', async t => {
  const levels = [{ first: 0, columns: 1, rows: 1, stride: 8 }]
  const points = { x: Float64Array.of(4), y: Float64Array.of(4), strides: Float64Array.of(8), levels }
  t.same([...assignAtss([{ box: [0, 0, 8, 8], label: 0 }], points).points], [0])
})

t.test('candidates are the nearest points, wherever the box is', async t => {
  const points = pointsOf(configOf('nanodet-m', 96, 128, 5))
  for (const [cx, cy] of [[-50, 30], [3, 3], [47.9, 64.2], [96, 128], [140, 60]] as const) {
    const box = [cx - 90, cy - 90, cx + 90, cy + 90] as const
    const { points: found } = assignAtss([{ box, label: 0 }], points)
    const nearest = points.levels.flatMap(({ first, columns, rows }) => {
      const level = Array.from({ length: columns * rows }, (_, i) => first + i)
      const distance = (i: number): number => (points.x[i]! - cx) ** 2 + (points.y[i]! - cy) ** 2
      return level.toSorted((a, b) => distance(a) - distance(b)).slice(0, 9)
    })
    t.ok(found.length > 0 && found.every(point => nearest.includes(point)))
  }
})
