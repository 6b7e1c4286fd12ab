import t from 'tap'
import { floats } from '../../../nn/tensor.ts'
import { predictedTensors } from '../../../training/losses/predicted.ts'
import { assignDynamic, type Predicted } from '../../../training/targets/dynamic.ts'
import { pointsOf, type Points } from '../../../training/targets/points.ts'
import { fixture } from '../../support/files.ts'
import { maxDifference, run } from '../../support/run.ts'
import { configOf, objectsOf, seededPredictions, transposed, type Scene } from '../../support/training.ts'

interface Case extends Scene {
  name: string
  width: number
  height: number
  seed: string
  firstDecoded: number[]
  lastDecoded: number[]
  positives: number[]
  gtIndex: number[]
  label: number[]
  softLabels: number[]
}

const [CLASSES, REG_MAX] = [5, 7]
const VALUES = CLASSES + 4 * (REG_MAX + 1)
const cases: Case[] = fixture('training-targets.json').dynamic

async function predict (seed: string, points: Points): Promise<Predicted> {
  const planes = transposed(seededPredictions(seed, points.x.length, CLASSES, REG_MAX), VALUES)
  const predicted = predictedTensors(floats([1, VALUES, points.x.length], planes), CLASSES, REG_MAX, points)
  const { boxes, logits, costs } = await run({ ...predicted }, {})
  return { boxes: boxes!.data, logits: logits!.data, costs: costs!.data }
}

for (const { name, width, height, seed, ...expected } of cases) {
  t.test(`equals upstream's: ${name}, ${width}×${height}`, async t => {
    const points = pointsOf(configOf('nanodet-plus-m-320', width, height, CLASSES))
    const predicted = await predict(seed, points)
    const boxAt = (point: number): number[] => [0, 1, 2, 3].map(k => predicted.boxes[k * points.x.length + point]!)
    t.ok(maxDifference(boxAt(0), expected.firstDecoded) < 1e-3)
    t.ok(maxDifference(boxAt(points.x.length - 1), expected.lastDecoded) < 1e-3)

    const objects = objectsOf(expected)
    const { points: positives, objects: owners, overlaps } = assignDynamic(objects, predicted, points)
    t.same([...positives], expected.positives)
    t.same([...owners], expected.gtIndex)
    t.same([...owners].map(i => objects[i]!.label), expected.label)
    t.ok(maxDifference(overlaps, expected.softLabels) < 1e-5)
  })
}
