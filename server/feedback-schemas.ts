import { z } from 'zod'
import type { Box } from '../head/decode/boxes.ts'
import { CORRECTED } from './openapi/examples.ts'
import { MAX_NAME, size } from './schemas.ts'

/** Boxes of one photo, and characters of them as text. */
const MAX_BOXES = 1000
const MAX_TEXT = 2 ** 18

const CORNERS = 'expected x1, y1, x2, y2'
const corner = z.number(CORNERS)
const list = z.tuple([corner, corner, corner, corner], CORNERS)
const object = z.object({ x1: corner, y1: corner, x2: corner, y2: corner }, CORNERS)
  .transform(({ x1, y1, x2, y2 }) => [x1, y1, x2, y2] as const)
const corners = z.union([object, list], CORNERS).transform(corners => corners as Box)
  .refine(([x1, y1, x2, y2]) => x1 < x2 && y1 < y2, 'expected x1 < x2 and y1 < y2')

const label = z.string().trim().min(1, 'expected a label').max(MAX_NAME)
  .refine(text => !/[\p{Cc}\p{Cs}]/u.test(text), 'expected a label without control characters')

/** Other members, such as the score of a detection that was right, are ignored. */
const box = z.object({ label, box: corners })

/** A list, or its JSON. */
const boxes = z.preprocess(value => typeof value === 'string' && value.length <= MAX_TEXT ? parsed(value) : value,
  z.array(box, 'expected a list of objects with label and box, as JSON').max(MAX_BOXES, `expected at most ${MAX_BOXES} boxes`))
  .meta({ examples: [CORRECTED] })

function parsed (text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

export const feedbackParameters = z.strictObject({
  boxes: boxes.optional().describe('What the photo shows: a list of objects with label and box, in pixels of the photo as displayed; [] for nothing. ' +
    'The detections of POST /detect have this form'),
  hash: z.string().regex(/^sha256:[0-9a-f]{64}$/i, 'expected sha256: and 64 hexadecimal digits').optional()
    .describe('SHA-256 of a photo that is stored already, instead of the photo'),
  model: z.string().max(MAX_NAME).optional().describe('The model whose detections were corrected, one of GET /models; DEFAULT_MODEL by default')
})

export const feedbackReply = z.object({
  hash: z.string().describe('SHA-256 of the photo, with which its boxes can be replaced'),
  file: z.string().describe('Its file in FEEDBACK_DIR'),
  image: size.describe('The photo as displayed, in pixels'),
  boxes: z.int().describe('Number of boxes stored'),
  replaced: z.boolean().describe('Whether they replace earlier boxes of this photo')
}).meta({ id: 'Feedback' })
