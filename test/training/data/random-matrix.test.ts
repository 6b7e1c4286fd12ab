import t from 'tap'
import { warpFor, type ResizeMode } from '../../../models/resize-mode.ts'
import { warpedBox } from '../../../training/data/boxes.ts'
import { matrixOf, times } from '../../../training/data/matrix.ts'
import { randomMatrix, type Pipeline } from '../../../training/data/random-matrix.ts'
import { clipBox, type Box } from '../../../head/decode/boxes.ts'
import { random, type Random } from '../../../training/random.ts'
import type { Augmentation } from '../../../training/spec.ts'
import { UNCHANGED } from '../../support/augmentation.ts'
import { fixture } from '../../support/files.ts'

type Drawn = ['coin', 0 | 1] | ['random', number] | ['uniform', low: number, high: number, value: number]
interface Case {
  pipeline: Pipeline
  source: [number, number]
  input: [number, number]
  keepRatio: boolean
  config: Partial<Augmentation>
  drawn: Drawn[]
  matrix: number[][]
  canvas: [number, number]
  boxes: Box[]
  warpedBoxes: Box[]
}

const sizeOf = ([width, height]: [number, number]) => ({ width, height })

/** The random numbers that make these draws. */
function scripted (rest: Iterator<Drawn>): Random {
  return () => {
    const draw = rest.next().value!
    if (draw[0] !== 'uniform') return draw[0] === 'coin' ? draw[1] / 2 : draw[1]
    const [, low, high, value] = draw
    return low === high ? 0 : (value - low) / (high - low)
  }
}

fixture('training-warps.json').forEach((golden: Case, i: number) => {
  t.test(`warp ${i} is upstream's: ${golden.pipeline}`, async t => {
    const { pipeline, config, keepRatio } = golden
    const mode: ResizeMode = keepRatio ? pipeline === 'plus' ? 'keep-ratio' : 'letterbox' : 'stretch'
    const source = sizeOf(golden.source)
    const { canvas, ...resize } = warpFor(mode, source, sizeOf(golden.input))
    const draws = golden.drawn.values()
    const change = randomMatrix(scripted(draws), pipeline, { ...UNCHANGED, ...config }, source)
    const matrix = times(matrixOf(resize), change)
    t.ok(draws.next().done, 'every draw is made')
    t.same(canvas, sizeOf(golden.canvas))
    golden.matrix.flat().forEach((value, k) => t.ok(Math.abs(matrix[k]! - value) <= 1e-12 * Math.max(1, Math.abs(value)), `entry ${k}`))
    golden.boxes.forEach((box, k) => {
      const warped = clipBox(warpedBox(matrix, box), canvas)
      warped.forEach((value, side) => t.ok(Math.abs(value - golden.warpedBoxes[k]![side]!) < 1e-4, `box ${k}`))
    })
  })
})

t.test('the legacy pipeline leaves out half of the changes, and flips half of the photos', async t => {
  const photo = { width: 100, height: 50 }
  const all = Array.from({ length: 400 }, (_, i) => randomMatrix(random(i), 'legacy', { ...UNCHANGED, scale: [2, 3], flip: 0.5 }, photo))
  const near = (count: number) => Math.abs(count - 200) < 50
  t.ok(near(all.filter(([a]) => Math.abs(a) === 1).length), 'scaled')
  t.ok(near(all.filter(([a]) => a < 0).length), 'flipped')
})
