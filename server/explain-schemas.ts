import { z } from 'zod'
import { VERDICTS, type Corners } from '../engine/explain/explanation.ts'
import { camFor, decodeParameters, MAX_NAME, objects, precision, size, toNumber } from './schemas.ts'

const REGION_FORM = 'expected x1,y1,x2,y2'

/** Four numbers, as text or as a list in JSON. */
const region = z.preprocess(value => typeof value === 'string' ? value.split(',').map(text => toNumber(text.trim())) : value,
  z.array(z.number(REGION_FORM), REGION_FORM).length(4, REGION_FORM).transform(corners => corners as unknown as Corners)
    .refine(([x1, y1, x2, y2]) => x1 < x2 && y1 < y2, 'expected x1 < x2 and y1 < y2'))
  .meta({ examples: ['350,280,450,500'] })

export const explainParameters = decodeParameters.extend({
  region: region.optional().describe('Also explain a place: x1,y1,x2,y2 in pixels of the photo as displayed'),
  label: z.string().max(MAX_NAME).optional().describe('The label that is expected in the region; any by default'),
  for: camFor.describe('Also tell which cells of the layers raised a detection\'s score: its index in the reply (0 is the best), or a label'),
  precision: precision.describe('Precision of the network; the model\'s by default')
})

const corners = z.array(z.number()).length(4).readonly()

const verdict = z.object({
  kind: z.enum(VERDICTS),
  sentence: z.string(),
  candidate: z.int().optional().describe('Index of the candidate that it is about'),
  class_id: z.int().optional(),
  label: z.string().optional(),
  score: z.number().optional(),
  by: z.int().optional().describe('suppressed: index of the candidate that it overlaps'),
  iou: z.number().optional().describe('suppressed: overlap with the kept candidate'),
  layer: z.string().optional().describe('faded: the first stage that lost it'),
  pixels: z.number().optional().describe('too_small: its shorter side in pixels of the network\'s input')
}).meta({ id: 'Verdict', description: 'Why nothing was found in a region, or what was' })

const regionReply = z.object({
  box: corners,
  input_box: corners,
  class_id: z.int().optional().describe('The expected class'),
  layers: z.array(z.object({
    layer: z.string(),
    name: z.string(),
    stride: z.number(),
    response: z.number().describe('Of the strongest cell in the region: the l2 norm over its channels'),
    rank: z.number().describe('Share of the photo\'s other cells that respond less, 0 … 1')
  })).readonly(),
  levels: z.array(z.object({
    stride: z.number(),
    cells: z.int().describe('Number of cells in the region'),
    best: z.array(z.object({ class_id: z.int(), label: z.string(), score: z.number(), column: z.int(), row: z.int() })).readonly()
      .describe('The best cell of each of the best classes, best first; with label, also of that class')
  })).readonly(),
  verdict
}).meta({ id: 'RegionExplanation', description: 'What the network made of a region' })

const camReply = z.object({
  class_id: z.int(),
  label: z.string(),
  score: z.number(),
  input_box: corners,
  layers: z.array(z.object({
    layer: z.string(),
    name: z.string(),
    stride: z.number(),
    width: z.int(),
    height: z.int(),
    in_box: z.number().nullable().describe('Share of the map in the box, 0 … 1; null if no cell raised the score'),
    cells: z.array(z.object({ column: z.int(), row: z.int(), share: z.number() })).readonly()
      .describe('The cells that raised the score most, each with its share of the map')
  })).readonly()
}).meta({ id: 'Cam', description: 'The cells that raised the score of a detection, by LayerCAM (https://doi.org/10.1109/TIP.2021.3089943)' })

/** The members of engine/explain/explanation.ts. */
const explanation = z.object({
  input: size.describe('Pixels of the network\'s input for this photo'),
  warp: z.object({ scale: z.array(z.number()).length(2).readonly(), pad: z.array(z.number()).length(2).readonly() })
    .describe('Input pixel = photo pixel · scale + pad, x before y'),
  options: z.object({
    score_threshold: z.number(), iou_threshold: z.number(), max_detections: z.int(), class_ids: z.array(z.int()).readonly().optional()
  }),
  labels: z.array(z.string()).readonly().describe('By class id. Empty for classes without candidates if the reply would exceed 300 KB'),
  complete_above: z.number().describe('All candidates with a higher score are listed'),
  offset: z.number().describe('Position of a cell\'s point, from which distances count, in cells'),
  levels: z.array(z.object({ stride: z.number(), width: z.int(), height: z.int() })).readonly().describe('Grids of cells, finest first'),
  cells: z.array(z.object({
    level: z.int().describe('Index of its level'),
    column: z.int(),
    row: z.int(),
    box: corners.describe('In pixels of the photo, rounded'),
    input_box: corners.describe('In pixels of the network\'s input, exact'),
    class_scores: z.array(z.int()).readonly().optional().describe('Scores of all classes, in ten-thousandths'),
    distributions: z.array(z.array(z.int()).readonly()).length(4).readonly().optional()
      .describe('Of the left, top, right and bottom side: probabilities of the distances 0, 1, 2 … strides, in millionths')
  })).readonly().describe('Cells with candidates. Those with the lowest scores have no details if the reply would exceed 300 KB'),
  candidates: z.array(z.object({
    cell: z.int().describe('Index of its cell'),
    class_id: z.int(),
    score: z.number(),
    state: z.enum(['kept', 'suppressed', 'below_threshold', 'beyond_maximum']),
    by: z.int().optional().describe('suppressed: index of the kept candidate'),
    iou: z.number().optional().describe('suppressed: overlap with the kept candidate')
  })).readonly().describe('Best first'),
  region: regionReply.optional(),
  cam: camReply.optional()
})

export const explainReply = objects.extend(explanation.shape)
  .meta({ id: 'Explanation', description: 'Detections, and how they came about' })
