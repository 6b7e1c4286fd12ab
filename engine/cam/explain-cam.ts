/** LayerCAM in an explanation: which cells of the layers raised the score of a detection. */
import type { Box } from '../../head/decode/boxes.ts'
import type { Candidate } from '../../head/decode/candidates.ts'
import type { ChosenLayer } from '../../models/choose-layers.ts'
import type { CamExplanation, CamLayer } from '../explain/explanation.ts'
import { rounded } from '../numbers.ts'
import type { Output } from '../session.ts'
import type { Cams } from './layer-cams.ts'

/** Cells that are listed. */
const MAX_CELLS = 10

/** @param labels the model's, by class id */
export function explainCam (
  layers: readonly ChosenLayer[], cams: Cams, { classId, score, box }: Candidate, labels: readonly string[]
): CamExplanation {
  return {
    class_id: classId,
    label: labels[classId]!,
    score: rounded(score, 4),
    input_box: box,
    layers: layers.flatMap(layer => cams[layer.name] ? camLayer(layer, cams[layer.name]!, box) : [])
  }
}

function camLayer ({ name, label, stride }: ChosenLayer, { dims, data }: Output, box: Box): CamLayer {
  const [height, width] = dims.slice(2) as [number, number]
  const sum = data.reduce((sum, value) => sum + value, 0)
  const best = [...data.keys()].filter(cell => data[cell]! > 0).sort((a, b) => data[b]! - data[a]!).slice(0, MAX_CELLS)
  return {
    layer: label,
    name,
    stride: stride!,
    width,
    height,
    in_box: sum > 0 ? rounded(massIn(box, { dims, data }, stride!) / sum, 4) : null,
    cells: best.map(cell => ({ column: cell % width, row: Math.floor(cell / width), share: rounded(data[cell]! / sum, 4) }))
  }
}

/** The sum of the cells whose centers lie in a box of the network's input. */
export function massIn ([x1, y1, x2, y2]: Box, { dims, data }: Output, stride: number): number {
  const width = dims[3]!
  return data.reduce((sum, value, cell) => {
    const [x, y] = [(cell % width + 0.5) * stride, (Math.floor(cell / width) + 0.5) * stride]
    return x >= x1 && x <= x2 && y >= y1 && y <= y2 ? sum + value : sum
  }, 0)
}
