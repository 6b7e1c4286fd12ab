import { z } from 'zod'
import { FORMAT_NAMES, type FormatName } from '../../bulk/formats/formats.ts'
import { listOf, namesIn } from '../../models/names.ts'
import { flag, text, wholeNumber } from '../options.ts'

const NAME = /^[\w.-]{1,64}$/
const FORMAT_ERROR = `expected some of ${listOf(FORMAT_NAMES)}, comma-separated`

/** Options of all bulk commands. */
export const QUEUE_OPTION = {
  queue: text('NAME', 'Name of the queue in Redis').regex(NAME, 'expected at most 64 letters, digits, dots, dashes and underscores').default('nanodet')
} as const

export const S3_OPTIONS = {
  s3Endpoint: text('URL', 'Server of s3:// sources and outputs, if it is not Amazon\'s').optional(),
  s3PathStyle: flag('Address buckets by path instead of by host name, as MinIO and Ceph often need')
} as const

/** Shards of fewer images cost more jobs; of more, a machine that dies loses more work. */
const MIN_SHARD = 10
const MAX_SHARD = 10_000

export const PLAN_OPTIONS = {
  out: text('DIR|S3', 'Folder that all machines see under this path, or s3://BUCKET/PREFIX'),
  ...QUEUE_OPTION,
  shardSize: wholeNumber(MIN_SHARD, MAX_SHARD, 'Number of images that a machine takes at a time').default(500),
  draw: flag('Also draw the boxes, into OUT/drawings'),
  crop: flag('Also cut the objects out, into OUT/crops'),
  features: text('LAYERS', 'Also write these layers as safetensors, into OUT/features; names as in nanodet features --list').optional(),
  format: z.string().min(1, 'expected a value').transform(namesIn)
    .refine((names): names is FormatName[] => names.every(name => (FORMAT_NAMES as readonly string[]).includes(name)), FORMAT_ERROR)
    .meta({ value: 'LIST', description: `At the end, also write ${listOf(FORMAT_NAMES)}, comma-separated` }).optional(),
  annotations: text('FILE', '--format coco: the annotations file whose image ids and category ids to use').optional(),
  overwrite: flag('Drop the results that OUT has'),
  replace: flag('Drop the unfinished run that the queue has'),
  ...S3_OPTIONS
} as const

export const SOURCES = { usage: 'SOURCE...', schema: z.array(z.string()).min(1, 'Expected a source') }
