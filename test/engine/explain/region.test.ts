import t from 'tap'
import { explain, type Pass } from '../../../engine/explain/explain.ts'
import { explainRegion, type Response } from '../../../engine/explain/region.ts'
import { DEFAULT_OPTIONS } from '../../../engine/options.ts'
import type { Box } from '../../../head/decode/boxes.ts'
import { warpFor } from '../../../models/resize-mode.ts'
import { SMALL } from '../../support/model-files.ts'

const POINTS = 12 * 8 + 6 * 4 + 3 * 2
const LABELS = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
const VALUES = 7 + 32
const image = { width: 192, height: 96 }
const prepared = { image, warp: warpFor('letterbox', image, SMALL.input) } // scale 0.5, 8 pixels above and below

/** Class c of a point has the logit c − 7, but class g of cell 5, 4 of the finest level has 2. */
function passOf (classes?: readonly number[], value = (i: number) => i % VALUES - 7): Pass {
  const predictions = Float32Array.from({ length: POINTS * VALUES }, (_, i) => i % VALUES < 7 ? value(i) : 0)
  predictions[(4 * 12 + 5) * VALUES + 6] = 2
  return {
    config: { ...SMALL, labels: LABELS },
    prepared,
    layout: { numClasses: 7, regMax: 7 },
    predictions,
    candidates: [],
    options: { ...DEFAULT_OPTIONS, classes }
  }
}

/** One channel on a map of 6×4 cells; rows 0 and 3 lie half on the padding. */
function responseOf (valueOf: (cell: number) => number): Response {
  const info = { name: 'backbone.stage3', label: 'stage3', shape: [1, 1, 4, 6], dtype: 'float32', parameters: 0 } as unknown as Response['info']
  return { info, output: { dims: [1, 1, 4, 6], data: Float32Array.from({ length: 24 }, (_, i) => valueOf(i)) } }
}

interface Given { classId?: number, pass?: Pass, responses?: readonly Response[] }

const explained = (box: Box, { classId, pass = passOf(), responses = [] }: Given = {}) =>
  explainRegion(pass, explain(pass), { box, classId }, responses)

t.test('the box in both scales, clipped to the photo', async t => {
  t.match(explained([10, 20, 50, 60]), { box: [10, 20, 50, 60], input_box: [5, 18, 25, 38] })
  t.match(explained([-10, 20, 500, 1000]), { box: [0, 20, 192, 96], input_box: [0, 18, 96, 56] })
  t.throws(() => explained([192, 0, 200, 10]), { message: 'region: expected a part of the photo, which is 192×96' })
  t.throws(() => explained([0, -20, 10, 0]), { name: 'FeaturesError' })
})

t.test('the best classes of each level', async t => {
  const { levels, verdict } = explained([84, 50, 94, 60])
  t.same(levels.map(({ stride, cells, best }) => [stride, cells, best.map(({ label }) => label).join('')]), [[8, 1, 'gfedc'], [16, 1, 'gfedc'], [32, 1, 'gfedc']])
  t.match(levels[0]!.best[0], { class_id: 6, score: 0.8808, column: 5, row: 4 })
  t.equal(verdict.kind, 'too_small')
})

t.test('the expected class is listed, and unwanted ones are not', async t => {
  t.same(explained([84, 50, 94, 60], { classId: 0 }).levels[0]!.best.map(({ label }) => label).join(''), 'gfedca')
  t.same(explained([84, 50, 94, 60], { pass: passOf([1, 4]) }).levels[0]!.best.map(({ label }) => label).join(''), 'eb')
})

t.test('scores that are no numbers count as 0', async t => {
  const { levels } = explained([0, 0, 20, 20], { pass: passOf(undefined, () => NaN) })
  t.match(levels[0]!.best[0], { class_id: 0, score: 0, column: 0, row: 1 })
})

t.test('the rank of the strongest cell among the cells on the photo', async t => {
  const ramp = responseOf(i => i)
  t.same(explained([0, 0, 192, 96], { responses: [ramp] }).layers,
    [{ layer: 'backbone.stage3', name: 'backbone.stage3', stride: 16, response: 23, rank: 1 }])
  t.match(explained([32, 20, 60, 40], { responses: [ramp] }).layers, [{ response: 13 - 6 + 6 - 6, rank: 0.3043 }])
  t.match(explained([0, 0, 2, 2], { responses: [responseOf(() => NaN)] }).layers, [{ response: 0, rank: 0 }])
})

t.test('a photo of one cell has nothing to compare with', async t => {
  const narrow = { width: 2, height: 1 }
  const pass = { ...passOf(), prepared: { image: narrow, warp: { ...warpFor('stretch', narrow, SMALL.input), scaleX: 4, scaleY: 8 } } }
  t.match(explained([0, 0, 2, 1], { pass, responses: [responseOf(() => 1)] }).layers, [{ response: 1, rank: 1 }])
})
