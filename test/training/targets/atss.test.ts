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
  const points = { x: Float64Array.of(4), y: Float64Array.of(4), strides: Float64Array.of(8), levels: [1] }
  t.same([...assignAtss([{ box: [0, 0, 8, 8], label: 0 }], points).points], [0])
})
