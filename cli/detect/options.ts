import { z } from 'zod'
import { FORMAT_NAMES, type FormatName } from '../../bulk/formats/formats.ts'
import { listOf, namesIn } from '../../models/names.ts'
import type { Request } from '../command.ts'
import { DECODE_OPTIONS } from '../decode-options.ts'
import { flag, OUTPUT_OPTIONS, text, wholeNumber } from '../options.ts'
import { MODEL_OPTIONS, PRECISION_OPTION } from '../target.ts'

const MAX_WORKERS = 1024
const LINES = 'jsonl'
const FORMAT_ERROR = `expected some of ${listOf([LINES, ...FORMAT_NAMES])}, comma-separated`

/** The formats besides results.jsonl, which a run always writes. */
const formatsSchema = z.string().min(1, 'expected a value')
  .transform(list => namesIn(list).filter(name => name !== LINES))
  .refine(names => names.every(name => (FORMAT_NAMES as readonly string[]).includes(name)), FORMAT_ERROR)
  .transform(names => names as FormatName[])
  .meta({ value: 'LIST', description: `With --out DIR: also write ${listOf(FORMAT_NAMES)}, comma-separated; ${LINES} is always written` })

/** Options that only a run into a folder has. */
export const RUN_OPTIONS = {
  draw: flag('With --out DIR: also draw the boxes, into DIR/drawings'),
  crop: flag('With --out DIR: also cut the objects out, into DIR/crops'),
  features: text('LAYERS', 'With --out DIR: also write these layers as safetensors, into DIR/features; names as in nanodet features --list').optional(),
  format: formatsSchema.optional(),
  annotations: text('FILE', '--format coco: the annotations file whose image ids and category ids to use').optional(),
  retryFailed: flag('With --out DIR: try images again that failed for a reason that can change'),
  overwrite: flag('With --out DIR: replace the results of an earlier run there')
} as const

export const DETECT_OPTIONS = {
  ...MODEL_OPTIONS,
  ...PRECISION_OPTION,
  ...DECODE_OPTIONS,
  out: text('PATH', 'DIR: write a line for each image to DIR/results.jsonl, and continue there when called again; FILE.jpg: draw the boxes of one image')
    .optional(),
  ...RUN_OPTIONS,
  workers: wholeNumber(1, MAX_WORKERS, 'Worker processes for several images; by default one for each core').optional(),
  s3Endpoint: text('URL', 'Server of s3:// sources, if it is not Amazon\'s').optional(),
  s3PathStyle: flag('Address buckets by path instead of by host name, as MinIO and Ceph often need'),
  ...OUTPUT_OPTIONS
} as const

export type DetectOptions = Request<typeof DETECT_OPTIONS, unknown>['options']
