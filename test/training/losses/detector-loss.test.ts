import t from 'tap'
import { gradients } from '../../../nn/gradients/gradients.ts'
import { add } from '../../../nn/ops.ts'
import { floats, scalar, Tensor } from '../../../nn/tensor.ts'
import { feedsOf } from '../../../training/graph/target-feeds.ts'
import { TARGETS } from '../../../training/graph/target-names.ts'
import { Detached } from '../../../training/losses/detached.ts'
import { detectorLoss } from '../../../training/losses/detector-loss.ts'
import { predictedTensors } from '../../../training/losses/predicted.ts'
import { assignAtss } from '../../../training/targets/atss.ts'
import type { Assignment } from '../../../training/targets/assignment.ts'
import { assignDynamic } from '../../../training/targets/dynamic.ts'
import { pointsOf } from '../../../training/targets/points.ts'
import { fixture } from '../../support/files.ts'
import { largest, maxDifference, run } from '../../support/run.ts'
import { configOf, objectsOf, seededPredictions, transposed, type Corners } from '../../support/training.ts'

interface Case {
  head: 'legacy' | 'plus'
  scenes: string[]
  seeds: string[]
  aux: boolean
  loss: number
  parts: Record<string, number>
  grad?: number[][] | null
  auxGrad?: number[][]
}

const { size, classes, regMax, boxes, labels, cases }: {
  size: number
  classes: number
  regMax: number
  boxes: Record<string, Corners[]>
  labels: Record<string, number[]>
  cases: Case[]
} = fixture('training-heads.json')
const VALUES = classes + 4 * (regMax + 1)
const MODELS = { legacy: 'nanodet-m', plus: 'nanodet-plus-m-320' }

const pointsFor = (head: Case['head']) => pointsOf(configOf(MODELS[head], size, size, classes))

/** Predictions `[N, values, P]` on the photos of a case. */
function planesOf (head: Case['head'], seeds: readonly string[]): Float32Array[] {
  const count = pointsFor(head).x.length
  return seeds.map(seed => transposed(seededPredictions(seed, count, classes, regMax), VALUES))
}

async function assign ({ head, scenes, seeds, aux }: Case): Promise<Assignment[]> {
  const points = pointsFor(head)
  const photos = scenes.map(scene => objectsOf({ boxes: boxes[scene]!, labels: labels[scene]! }))
  if (head === 'legacy') return photos.map(objects => assignAtss(objects, points))
  const planes = planesOf(head, aux ? seeds.map(seed => `${seed}/aux`) : seeds)
  return await Promise.all(photos.map(async (objects, i) => {
    const predicted = predictedTensors(floats([1, VALUES, points.x.length], planes[i]!), classes, regMax, points)
    const { boxes, logits, costs } = await run({ ...predicted }, {})
    return assignDynamic(objects, { boxes: boxes!.data, logits: logits!.data, costs: costs!.data }, points)
  }))
}

/** The targets of a case as constants. */
async function targetsOf (example: Case) {
  const photos = example.scenes.map(scene => objectsOf({ boxes: boxes[scene]!, labels: labels[scene]! }))
  const feeds = feedsOf(photos, await assign(example), pointsFor(example.head))
  const constant = (name: string): Tensor => {
    const { type, dims, data } = feeds[name]!
    return new Tensor(dims, type, { kind: 'constant', data })
  }
  const { scores, ...rest } = TARGETS
  const common = Object.fromEntries(Object.entries(rest).map(([key, name]) => [key, constant(name)])) as Record<keyof typeof rest, Tensor>
  return { ...common, ...(example.head === 'plus' && { scores: constant(scores) }) }
}

for (const example of cases) {
  const { head, scenes, seeds, aux, loss, parts, grad, auxGrad } = example
  t.test(`equals upstream's ${head}${aux ? ' with the auxiliary head' : ''}: ${scenes.join(', ')}`, async t => {
    const points = pointsFor(head)
    const targets = await targetsOf(example)
    const heads = (aux ? ['', '/aux'] : ['']).map(suffix => {
      const planes = planesOf(head, seeds.map(seed => `${seed}${suffix}`))
      return floats([scenes.length, VALUES, points.x.length], Float32Array.from(planes.flatMap(plane => [...plane])))
    })
    const detached = new Detached()
    const options = { numClasses: classes, regMax, strides: points.strides }
    const found = heads.map(planes => detectorLoss(planes, targets, options, detached.detach))
    const named = Object.fromEntries(found.flatMap(({ qfl, bbox, dfl }, i) =>
      Object.entries({ loss_qfl: qfl, loss_bbox: bbox, loss_dfl: dfl }).map(([name, x]) => [`${i === 1 ? 'aux_' : ''}${name}`, x])))
    const sum = Object.values(named).reduce(add)
    const gradient = gradients([sum], [scalar(1)], heads, { detached })
    const values = await run({ sum, ...named, ...Object.fromEntries(gradient.map((x, i) => [`gradient${i}`, x])) }, {})

    const isNear = (value: number, expected: number) => Math.abs(value - expected) <= 1e-5 * Math.max(1, expected)
    t.ok(isNear(values['sum']!.data[0]!, loss))
    for (const [name, expected] of Object.entries(parts)) t.ok(isNear(values[name]!.data[0]!, expected), name)
    const expected = [grad === null ? [new Float32Array(values['gradient0']!.data.length)] : grad, auxGrad]
    expected.forEach((images, i) => {
      const planes = images?.map(image => transposed(image, VALUES))
      if (planes) t.ok(isSame(values[`gradient${i}`]!.data, Float32Array.from(planes.flatMap(plane => [...plane]))), `gradient ${i}`)
    })
  })
}

const isSame = (found: Float32Array, expected: Float32Array): boolean =>
  maxDifference(found, expected) <= 2e-5 * Math.max(largest(expected), 1e-3)
