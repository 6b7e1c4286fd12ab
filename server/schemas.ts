import { z } from 'zod'
import { FILE_FORMATS, type Rendering } from '../engine/results.ts'
import { DEFAULT_OPTIONS } from '../engine/options.ts'
import { MAX_CANDIDATES } from '../head/decode/candidates.ts'
import { MODEL_STATES } from '../engine/models/deployment.ts'
import { PRECISIONS } from '../models/calibration-table.ts'
import { FORMAT_NAMES } from './formats/formats.ts'
import {
  BATCH, CLASSES, COCO, CORRUPT, HUGGING_FACE, LAYER, NODE_RED, OBJECTS, SERVED_MODEL, STATISTICS, ULTRALYTICS
} from './openapi/examples.ts'
import type { DetectionOptions } from './recognize.ts'

const DECIMAL = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i

/** A number as a query, a form or JSON has it. Only decimals count: an empty text is not 0, and neither is 0x0. */
export const numberParameter = (schema: z.ZodNumber) => z.preprocess(toNumber, schema)

/** A decimal as a number; other values as they are. */
export const toNumber = (value: unknown): unknown => typeof value === 'string' && DECIMAL.test(value) ? Number(value) : value

/** `true` or `false`, as text where it is not JSON. */
const flag = z.preprocess(value => value === 'true' ? true : value === 'false' ? false : value, z.boolean())

/** Characters of one name: of a layer, a label, a model. */
export const MAX_NAME = 256
/** Characters and names of a list. */
const MAX_LIST = 4096
const MAX_NAMES = 256

const modelName = z.string().max(MAX_NAME).optional()

/** Names separated by commas, or a list of such. They are looked up on the main thread, which the limits keep free. */
const nameList = z.preprocess(value => Array.isArray(value) ? value.join(',') : value, z.string().max(MAX_LIST, { abort: true })
  .refine(text => text.split(',').length <= MAX_NAMES, `expected at most ${MAX_NAMES} names`)
  .refine(text => text.split(',').every(name => name.length <= MAX_NAME), `expected names of at most ${MAX_NAME} characters`))

/** What decides which objects count. */
export const decodeParameters = z.strictObject({
  score_threshold: numberParameter(z.number().min(0).max(1)).default(DEFAULT_OPTIONS.scoreThreshold)
    .describe(`Minimum score, exclusive; of more than ${MAX_CANDIDATES} candidate boxes, the ${MAX_CANDIDATES} best are used`),
  iou_threshold: numberParameter(z.number().min(0).max(1)).default(DEFAULT_OPTIONS.iouThreshold)
    .describe('Maximum overlap (IoU) of two boxes of one class; of boxes that overlap more, only the best is kept'),
  max_detections: numberParameter(z.number().int().min(1).max(1000)).default(DEFAULT_OPTIONS.maxDetections)
    .describe('Maximum number of detections, highest score first'),
  classes: nameList.optional().describe('Labels to look for, comma-separated: person,traffic light'),
  model: modelName.describe('One of GET /models; DEFAULT_MODEL by default')
})

const toText = (value: unknown): unknown => typeof value === 'number' ? String(value) : value

const MODES = 'expected mean, max, l2, eigen, layercam or the number of a channel'
const reduce = z.preprocess(toText, z.string().regex(/^(mean|max|l2|eigen|layercam|\d{1,9})$/, MODES)).default('l2')
  .describe('How overlays and maps reduce the channels of a cell: mean, max, l2 norm, eigen (EigenCAM), layercam (LayerCAM), or the number of a channel')

/** A detection that LayerCAM is about. */
export const camFor = z.preprocess(toText, z.string().max(MAX_NAME)).optional()
const forTarget = camFor.describe('reduce=layercam: the detection whose score is explained, by its index in the reply (0 is the best, and the default), or a label')

export const detectParameters = decodeParameters.extend({
  features: nameList.optional().describe('Layers to include in the reply, named as in POST /features: statistics and an overlay each'),
  reduce,
  for: forTarget,
  format: z.enum(FORMAT_NAMES).optional().describe('Format of the reply; by default the Accept header decides, otherwise json'),
  image_id: numberParameter(z.number().int().min(0)).default(0).describe('format=coco: id of the image, or of the first one in a batch')
})

/** The precision of one request. */
export const precision = z.enum(PRECISIONS).optional()

export const featuresParameters = decodeParameters.extend({
  layers: nameList.default('stage2,stage3,stage4')
    .describe('Paths (backbone.stage2.0), short names (stage2, p3) and globs (backbone.stage3.*), comma-separated; GET /models/{name}/layers'),
  format: z.enum(FILE_FORMATS).optional().describe('Format of the layers; by default the Accept header decides, otherwise npz'),
  values: flag.default(false).describe('json: all values of the layers, not only statistics'),
  channels: numberParameter(z.number().int().min(1).max(4096)).default(64).describe('png: maximum number of channels per layer, highest variance first'),
  reduce,
  for: forTarget,
  precision: precision.describe('Precision of the layers and the detections; by default fp32 for layers, and the model\'s for detections')
})

/** What recognize takes, of the parameters that all routes have. */
export const optionsOf = (parameters: z.output<typeof decodeParameters>): DetectionOptions => ({
  scoreThreshold: parameters.score_threshold,
  iouThreshold: parameters.iou_threshold,
  maxDetections: parameters.max_detections,
  classes: parameters.classes
})

export const reduceMode = (text: string): Rendering['reduce'] => /^\d+$/.test(text) ? Number(text) : text as Rendering['reduce']

const box = z.object({ x1: z.number(), y1: z.number(), x2: z.number(), y2: z.number() })
  .meta({ id: 'Box', description: 'Corners in pixels of the photo as displayed', examples: [OBJECTS.detections[0]!.box] })

export const size = z.object({ width: z.int(), height: z.int() }).meta({ id: 'Size', examples: [OBJECTS.image] })

const timing = z.object({
  decode_ms: z.number(),
  preprocess_ms: z.number(),
  inference_ms: z.number(),
  postprocess_ms: z.number(),
  total_ms: z.number()
}).meta({ id: 'Timing', description: 'Milliseconds; total_ms includes the time in the queue', examples: [OBJECTS.timing] })

const detection = z.object({ label: z.string(), class_id: z.int(), score: z.number(), box })
  .meta({ id: 'Detection', examples: OBJECTS.detections })

const detections = z.array(detection).describe('Highest score first')

export const objects = z.object({
  model: z.string(),
  image: size.describe('The photo as displayed, in pixels: after EXIF orientation'),
  detections,
  timing
})

export const detectReply = objects.meta({ id: 'Objects', description: 'The detections of an image', examples: [OBJECTS] })

export const classifyParameters = z.strictObject({
  top_k: numberParameter(z.number().int().min(1).max(1000)).default(5).describe('Maximum number of classes, highest score first'),
  model: modelName.describe('One of GET /models; the first classifier by default')
})

export const classifyReply = z.object({
  model: z.string(),
  image: size.describe('The photo as displayed, in pixels: after EXIF orientation'),
  classes: z.array(z.object({ label: z.string(), class_id: z.int(), score: z.number() }))
    .describe('Highest score first; scores of all classes sum to 1, unless a graph of an ONNX file returns others'),
  timing
}).meta({ id: 'Classes', description: 'The most likely classes of an image', examples: [CLASSES] })

const statistics = z.object({
  min: z.number().nullable(),
  max: z.number().nullable(),
  mean: z.number().nullable(),
  std: z.number().nullable(),
  zeros: z.number().nullable().describe('Share of exact zeros'),
  percentiles: z.record(z.string(), z.number().nullable()),
  histogram: z.object({ edges: z.array(z.number()), counts: z.array(z.int()) }),
  non_finite: z.int()
}).meta({ id: 'Statistics', description: 'Statistics of a layer\'s values', examples: [STATISTICS] })

/** A layer in every list of layers. */
const layer = z.object({
  name: z.string().describe('Path of the layer in the checkpoint'),
  alias: z.string().optional().describe('Short name'),
  shape: z.array(z.int()),
  dtype: z.string(),
  stride: z.number().optional().describe('Pixels of the network\'s input per cell')
})

const { parameters: _parameters, ...REPORTED } = LAYER

const layerReport = layer.extend({
  statistics,
  overlay: z.string().optional().describe('POST /detect: a JPEG as data URL, the photo colored by the layer'),
  values: z.array(z.number().nullable()).optional().describe('POST /features: with values=true')
}).meta({ id: 'LayerReport', description: 'Statistics and values of a layer', examples: [{ ...REPORTED, statistics: STATISTICS }] })

const objectsAndLayers = objects.extend({ features: z.array(layerReport) })
  .meta({ id: 'ObjectsAndLayers', description: 'With features=' })

export const featuresReply = z.object({
  model: z.string(),
  image: size,
  warp: z.object({ scale: z.array(z.number()).length(2), pad: z.array(z.number()).length(2) })
    .describe('Input pixel = photo pixel · scale + pad, x before y'),
  detections,
  layers: z.array(layerReport)
}).meta({ id: 'Features' })

export const errorReply = z.object({ statusCode: z.int(), code: z.string(), error: z.string(), message: z.string() })
  .meta({ id: 'Error', description: 'code is stable; message is for people', examples: [CORRUPT] })

const coordinates = z.array(z.number()).length(4)

const coco = z.array(z.object({ image_id: z.int(), category_id: z.int(), bbox: coordinates, score: z.number() }))
  .meta({ id: 'CocoResults', description: 'format=coco; bbox is x, y, width, height', examples: [COCO] })

const ultralytics = z.array(z.object({ name: z.string(), class: z.int(), confidence: z.number(), box }))
  .meta({ id: 'UltralyticsSummary', description: 'format=ultralytics', examples: [ULTRALYTICS] })

const huggingFaceBox = z.object({ xmin: z.int(), ymin: z.int(), xmax: z.int(), ymax: z.int() })
const huggingFace = z.array(z.object({ score: z.number(), label: z.string(), box: huggingFaceBox }))
  .meta({ id: 'HuggingFaceObjects', description: 'format=huggingface', examples: [HUGGING_FACE] })

const nodeRed = z.array(z.object({ type: z.literal('rect'), bbox: coordinates, label: z.string() }))
  .meta({ id: 'NodeRedAnnotations', description: 'format=node-red; bbox is x, y, width, height', examples: [NODE_RED] })

const failedImage = z.object({ error: errorReply }).meta({ id: 'FailedImage', examples: [{ error: CORRUPT }] })

const batch = z.object({ results: z.array(z.union([detectReply, failedImage, coco, ultralytics, huggingFace, nodeRed])) })
  .meta({ id: 'Batch', description: 'Results of several images, in order', examples: [BATCH] })

/** What POST /detect answers in JSON. The first is what it mostly is: replies are written by the first that fits. */
export const detectReplies = z.union([detectReply, objectsAndLayers, batch, coco, ultralytics, huggingFace, nodeRed])

const namedLayer = layer.extend({ parameters: z.int().describe('Number of trained parameters, including inner layers') }).meta({ id: 'Layer', examples: [LAYER] })

export const layersReply = z.object({ layers: z.array(namedLayer).describe('In the order of the forward pass') }).meta({ id: 'Layers' })

export const modelSchema = z.object({
  name: z.string(),
  state: z.enum(MODEL_STATES).describe('unloaded: the next request loads it'),
  default: z.boolean().describe('Whether requests without a model use it'),
  precision: z.enum(PRECISIONS).describe('Precision of the network\'s arithmetic'),
  provider: z.string().optional().describe('Execution provider of onnxruntime that the network is loaded on: cpu, cuda … Omitted unless the model is loaded'),
  precisions: z.array(z.enum(PRECISIONS)).describe('Precisions that POST /features and /explain can use: int8 with a calibration table'),
  problem: z.string().optional().describe('Why the latest load failed; the previous version stays in use'),
  ignored_keys: z.array(z.string()).optional().describe('Keys of the config file that have no effect'),
  notes: z.array(z.string()).optional().describe('What was guessed or assumed about the model'),
  task: z.enum(['detect', 'classify']).optional(),
  tasks: z.array(z.string()).optional().describe('Requests that it supports'),
  input: size.optional(),
  resize_mode: z.string().optional().describe('Resize mode: how an image is laid into the input'),
  backbone: z.string().optional(),
  neck: z.string().optional(),
  head: z.string().optional(),
  strides: z.array(z.int()).optional(),
  parameters: z.int().optional().describe('Number of parameters in use'),
  labels: z.array(z.string()).optional(),
  weights: z.object({ package: z.string(), license: z.string(), trained_by: z.string() }).optional()
}).meta({ id: 'Model', examples: [SERVED_MODEL] })

export const modelsReply = z.object({ models: z.array(modelSchema) }).meta({ id: 'Models' })

const costSchema = z.object({
  parameters: z.int().describe('Number of trained parameters'),
  macs: z.int().describe('Multiply-accumulate operations of convolutions and matrix products, for one image'),
  accesses: z.int().describe('Memory access cost of ShuffleNet V2: elements read and written')
})

const guidelineSchema = z.object({ guideline: z.string(), metric: z.string(), value: z.number(), ideal: z.number(), meaning: z.string() })

export const summaryReply = z.object({
  model: z.string(),
  input: z.array(z.int()).readonly(),
  folded: z.boolean().describe('Whether batch norms are part of the convolutions before them'),
  layers: z.array(costSchema.extend({
    name: z.string().describe('Path in the checkpoint, as in GET /models/{name}/layers'),
    kind: z.string().describe('Operators that it applies itself'),
    shape: z.array(z.int()).readonly().optional().describe('Shape of the output; omitted for layers with several outputs')
  })).readonly().describe('A tree, parents first; the cost of a layer includes its inner layers'),
  operators: z.array(costSchema.omit({ parameters: true }).extend({ op: z.string(), count: z.int() })).readonly(),
  totals: costSchema,
  guidelines: z.array(guidelineSchema).readonly().describe('Metrics of the four guidelines of ShuffleNet V2 (https://arxiv.org/abs/1807.11164)')
}).meta({ id: 'Summary', description: 'The costs of a model\'s layers' })
