/** Real replies, for the API's description: nanodet-m-416 on sample-me.jpg, a photo in the package of its weights. */

const MODEL = 'nanodet-m-416'
const IMAGE = { width: 700, height: 700 }

/** A minimal image: a GIF of one pixel, as base64. */
export const PIXEL = 'R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw=='

const PERSON = { label: 'person', class_id: 0, score: 0.8242, box: { x1: 46.7, y1: 64.93, x2: 695.6, y2: 698.48 } }
const TIE = { label: 'tie', class_id: 27, score: 0.7119, box: { x1: 258.07, y1: 535.78, x2: 358.82, y2: 700 } }
/** The tie's box, corrected. */
export const CORRECTED = [{ label: 'tie', box: { x1: 262, y1: 540, x2: 356, y2: 700 } }]
const TIMING = { decode_ms: 5.34, preprocess_ms: 2.13, inference_ms: 12.65, postprocess_ms: 0.72, total_ms: 21.6 }

export const OBJECTS = { model: MODEL, image: IMAGE, detections: [PERSON, TIE], timing: TIMING }

export const CORRUPT = {
  statusCode: 422,
  code: 'CORRUPT_IMAGE',
  error: 'Unprocessable Entity',
  message: 'The JPEG image is damaged, cut short or encoded in a way that cannot be decoded'
}

export const BATCH = { results: [OBJECTS, { error: CORRUPT }] }

export const COCO = [
  { image_id: 42, category_id: 1, bbox: [46.7, 64.93, 648.91, 633.55], score: 0.8242 },
  { image_id: 42, category_id: 32, bbox: [258.07, 535.78, 100.74, 164.22], score: 0.7119 }
]

export const ULTRALYTICS = [
  { name: 'person', class: 0, confidence: 0.82424, box: { x1: 46.6957, y1: 64.92564, x2: 695.60303, y2: 698.47554 } },
  { name: 'tie', class: 27, confidence: 0.71191, box: { x1: 258.07166, y1: 535.7818, x2: 358.8162, y2: 700 } }
]

export const HUGGING_FACE = [
  { score: 0.8242, label: 'person', box: { xmin: 47, ymin: 65, xmax: 696, ymax: 698 } },
  { score: 0.7119, label: 'tie', box: { xmin: 258, ymin: 536, xmax: 359, ymax: 700 } }
]

export const NODE_RED = [
  { type: 'rect', bbox: [46.7, 64.93, 648.91, 633.55], label: 'person' },
  { type: 'rect', bbox: [258.07, 535.78, 100.74, 164.22], label: 'tie' }
]

export const CSV = [
  'label,class_id,score,x1,y1,x2,y2',
  'person,0,0.8242,46.7,64.93,695.6,698.48',
  'tie,27,0.7119,258.07,535.78,358.82,700',
  ''
].join('\r\n')

export const YOLO = [
  '0 0.530213 0.545287 0.92701 0.905071 0.824235',
  '27 0.440634 0.882701 0.143921 0.234597 0.711906',
  ''
].join('\n')

/** Of a small classifier with random weights, on docs/images/street.jpg. */
export const CLASSES = {
  model: 'kinds',
  image: { width: 960, height: 640 },
  classes: [{ label: 'cow', class_id: 2, score: 0.3581 }, { label: 'dog', class_id: 1, score: 0.3545 }],
  timing: { decode_ms: 8.54, preprocess_ms: 0, inference_ms: 1.6, postprocess_ms: 0.04, total_ms: 12.79 }
}

export const LAYER = {
  name: 'backbone.stage2', alias: 'stage2', shape: [1, 116, 52, 52], dtype: 'float32', stride: 8, parameters: 29_414
}

export const STATISTICS = {
  min: -0.1377,
  max: 1.3267,
  mean: 0.0592,
  std: 0.107,
  zeros: 0,
  percentiles: { p1: -0.0407, p50: 0.0012, p99: 0.4176 },
  histogram: { edges: [-0.1377, 0.5945, 1.3267], counts: [313_221, 443] },
  non_finite: 0
}

export const SERVED_MODEL = {
  name: MODEL,
  state: 'ready',
  default: true,
  precision: 'fp32',
  provider: 'cpu',
  precisions: ['fp32', 'int8'],
  task: 'detect',
  tasks: ['detect', 'features', 'explain', 'profile', 'infer'],
  input: { width: 416, height: 416 },
  resize_mode: 'letterbox',
  backbone: 'shufflenetv2 1.0x',
  neck: 'pan',
  head: 'nanodet-head',
  strides: [8, 16, 32],
  parameters: 950_036,
  weights: { package: '@vladmandic/human@1.2.1', license: 'MIT', trained_by: 'NanoDet (Apache-2.0)' }
}
