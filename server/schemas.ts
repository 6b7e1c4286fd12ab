import { z } from 'zod'
import { DEFAULT_OPTIONS } from '../detector/options.ts'

/** A number in a query string; an empty one is an error, not 0. */
const queryNumber = (schema: z.ZodNumber) =>
  z.preprocess(value => value === '' ? NaN : Number(value), schema)

export const detectQuery = z.strictObject({
  score_threshold: queryNumber(z.number().min(0).max(1)).default(DEFAULT_OPTIONS.scoreThreshold)
    .describe('Only objects with a higher score are returned'),
  iou_threshold: queryNumber(z.number().min(0).max(1)).default(DEFAULT_OPTIONS.iouThreshold)
    .describe('Boxes of one class that overlap by more than this are taken for one object'),
  max_detections: queryNumber(z.number().int().min(1).max(1000)).default(DEFAULT_OPTIONS.maxDetections)
    .describe('How many objects are returned at the most, best first'),
  classes: z.string().optional().describe('Labels to look for, comma-separated: person,traffic light'),
  model: z.string().optional().describe('One of GET /models; the first one where it is left out')
})

const boxSchema = z.object({ x1: z.number(), y1: z.number(), x2: z.number(), y2: z.number() })
  .describe('Corners in pixels of the photo as displayed')

const sizeSchema = z.object({ width: z.int(), height: z.int() })

export const detectReply = z.object({
  model: z.string(),
  image: sizeSchema.describe('The photo as displayed, in pixels: after EXIF orientation'),
  detections: z.array(z.object({ label: z.string(), class_id: z.int(), score: z.number(), box: boxSchema })).describe('Best first'),
  timing: z.object({
    decode_ms: z.number(),
    preprocess_ms: z.number(),
    inference_ms: z.number(),
    postprocess_ms: z.number(),
    total_ms: z.number()
  }).describe('total_ms counts waits, too')
})

export const modelSchema = z.object({
  name: z.string(),
  input: sizeSchema,
  geometry: z.string().describe('How a photo is laid into the input'),
  backbone: z.string(),
  neck: z.string(),
  head: z.string(),
  strides: z.array(z.int()),
  parameters: z.int().describe('Trained numbers in use'),
  labels: z.array(z.string()),
  published: z.object({ ap: z.number(), ap50: z.number().optional(), ap75: z.number().optional(), source: z.string() }).optional()
    .describe('What its authors report on COCO val2017'),
  weights: z.object({ package: z.string(), license: z.string(), trained_by: z.string() }).optional()
})

export const errorReply = z.object({ statusCode: z.int(), code: z.string(), error: z.string(), message: z.string() })
