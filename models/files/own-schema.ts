/** The parts of our own model files, as they stand on disk (snake_case) and as configs have them. */
import { z } from 'zod'
import { SHUFFLENET_V1_GROUPS, SHUFFLENET_V1_WIDTHS } from '../../backbone/shufflenetv1.ts'
import { SHUFFLENET_V2_WIDTHS } from '../../backbone/shufflenetv2.ts'
import { COCO_LABELS } from '../labels.ts'
import { camelKeys } from './camel-keys.ts'
import { LIMITS } from './limits.ts'

const SIDE_STEP = 32

const whole = ([min, max]: readonly [min: number, max: number]) => z.int().min(min).max(max)
const width = z.number().min(LIMITS.width[0]).max(LIMITS.width[1]).default(1)
const stages = (...known: number[]) => z.array(z.int()).min(1).default(known)

/** What each backbone can be told, beside the stages that a neck takes. */
const OPTIONS = {
  ghostnet: { width },
  mobilenetv1: { width },
  mobilenetv2: { width },
  shufflenetv1: {
    width: z.enum(SHUFFLENET_V1_WIDTHS),
    groups: z.literal(SHUFFLENET_V1_GROUPS),
    shuffle: z.enum(['before-depthwise', 'after-depthwise']).default('after-depthwise'),
    shuffle_order: z.enum(['paper', 'authors']).default('authors')
  },
  shufflenetv2: { width: z.enum(SHUFFLENET_V2_WIDTHS) }
}
const withOptions = <Name extends keyof typeof OPTIONS>(name: Name) => z.strictObject({ name: z.literal(name), ...OPTIONS[name] })
const names = `possible names: ${Object.keys(OPTIONS).join(', ')}`

export const backboneSchema = z.discriminatedUnion('name', [
  withOptions('ghostnet').extend({ out_stages: stages(4, 6, 9) }).transform(camelKeys),
  withOptions('mobilenetv1').extend({ out_stages: stages(2, 3, 4) }).transform(camelKeys),
  withOptions('mobilenetv2').extend({ out_stages: stages(2, 4, 6) }).transform(camelKeys),
  withOptions('shufflenetv1').extend({ out_stages: stages(2, 3, 4) }).transform(camelKeys),
  withOptions('shufflenetv2').extend({ out_stages: stages(2, 3, 4) }).transform(camelKeys)
], { error: names })

export const classifierBackboneSchema = z.discriminatedUnion('name', [
  withOptions('ghostnet').transform(camelKeys),
  withOptions('mobilenetv1').transform(camelKeys),
  withOptions('mobilenetv2').transform(camelKeys),
  withOptions('shufflenetv1').transform(camelKeys),
  withOptions('shufflenetv2').transform(camelKeys)
], { error: names })

export const neckSchema = z.discriminatedUnion('name', [
  z.strictObject({ name: z.enum(['fpn', 'pan']), out_channels: whole(LIMITS.channels) }).transform(camelKeys),
  z.strictObject({
    name: z.literal('ghost-pan'),
    out_channels: whole(LIMITS.channels),
    kernel: whole(LIMITS.kernel).refine(kernel => kernel % 2 === 1, 'has to be odd').default(5),
    extra_levels: whole(LIMITS.extraLevels).default(1)
  }).transform(camelKeys)
], { error: 'possible names: fpn, pan, ghost-pan' })

/** What stands where a file leaves it out, `readOwnConfig` knows: it depends on the other parts. */
const points = {
  reg_max: whole(LIMITS.regMax).default(7),
  strides: z.array(z.int().positive()).min(1).optional(),
  offset: z.number().min(0).max(1).optional()
}
export const pointsSchema = z.strictObject(points).transform(camelKeys)
export const headSchema = z.strictObject({
  name: z.enum(['nanodet-head', 'nanodet-plus-head']),
  feat_channels: whole(LIMITS.channels).optional(),
  stacked_convs: whole(LIMITS.stackedConvs).default(2),
  conv_module: z.enum(['depthwise', 'dense']).default('depthwise'),
  share_cls_reg: z.boolean().default(true),
  ...points
}).refine(({ name, share_cls_reg: shared }) => name === 'nanodet-head' || shared, { path: ['share_cls_reg'], error: 'is always true of nanodet-plus-head' })
  .transform(camelKeys)

const side = whole(LIMITS.side).multipleOf(SIDE_STEP)
export const inputSchema = z.strictObject({ width: side, height: side })

export const geometrySchema = z.enum(['letterbox', 'keep-ratio', 'stretch'])

const triple = (number: z.ZodNumber) => z.tuple([number, number, number]).readonly()
export const normalizationSchema = z.strictObject({
  channel_order: z.enum(['BGR', 'RGB']),
  mean: triple(z.number()),
  std: triple(z.number().positive())
}).transform(camelKeys)

export const labelListSchema = z.array(z.string().min(1)).min(1).max(LIMITS.classes[1])
  .refine(labels => new Set(labels).size === labels.length, 'holds a label twice')
export const labelsSchema = z.preprocess(labels => labels === 'coco' ? [...COCO_LABELS] : labels, labelListSchema)
