import t from 'tap'
import type { Cell, Explanation } from '../../../engine/explain/explanation.ts'
import { writeExplanation } from '../../../engine/explain/write.ts'

const cells: Cell[] = [0, 1, 2].map(column => ({ level: 0, column, row: 0, box: [0, 0, 1, 1], input_box: [0, 0, 1, 1] }))
const explanation: Explanation = {
  input: { width: 8, height: 8 },
  warp: { scale: [1, 1], pad: [0, 0] },
  options: { score_threshold: 0.3, iou_threshold: 0.6, max_detections: 100 },
  labels: ['ä'],
  complete_above: 0.01,
  offset: 0.5,
  levels: [{ stride: 8, width: 3, height: 1 }],
  cells,
  candidates: [2, 0, 1].map(cell => ({ cell, class_id: 0, score: 0.5 - cell / 10, state: 'kept' }))
}
const detailsOf = ({ column }: Cell) => ({ class_scores: Array(200).fill(1000 + column) })
const write = (bytes: number): Explanation => JSON.parse(String(writeExplanation(explanation, bytes, detailsOf)))

t.test('all details if they fit', async t => {
  t.same(write(300_000), { ...explanation, cells: cells.map(cell => ({ ...cell, ...detailsOf(cell) })) })
})

t.test('otherwise those of the cells with the best scores', async t => {
  const all = writeExplanation(explanation, 300_000, detailsOf).length
  for (const [missing, places] of [[100, [0, 2]], [1500, [2]], [3000, []]] as const) {
    t.same(write(all + 1000 - missing).cells.filter(cell => cell.class_scores).map(({ column }) => column), places, `${missing} bytes less`)
  }
  t.ok(writeExplanation(explanation, all + 900, detailsOf).length < all)
})
