/** The parts of our own model files, as they stand on disk (snake_case) and as configs have them. */
import { z } from 'zod'
import { EFFICIENTNET_LITE_VARIANTS } from '../../backbone/efficientnet-lite.ts'
import { REPVGG_VARIANTS } from '../../backbone/repvgg.ts'
import { SHUFFLENET_V1_GROUPS, SHUFFLENET_V1_WIDTHS } from '../../backbone/shufflenetv1.ts'
import { SHUFFLENET_V2_WIDTHS } from '../../backbone/shufflenetv2.ts'
import { COCO_LABELS } from '../labels.ts'
import { camelKeys } from './camel-keys.ts'
import { LIMITS } from './limits.ts'

const SIDE_STEP = 32

const whole = ([min, max]: readonly [min: number, max: number]) => z.int().min(min).max(max)
const width = z.number().min(LIMITS.width[0]).max(LIMITS.width[1]).default(1)
const stages = (...known: number[]) => z.array(z.int()).min(1).default(known)

/** What each backbone can be told that there is a classifier of, beside the stages that a neck takes. */
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
const possible = (...names: string[]) => ({ error: `possible names: ${names.join(', ')}` })

export const backboneSchema = z.discriminatedUnion('name', [
  z.strictObject({ name: z.literal('custom-csp-net'), out_stages: stages(3, 4, 5) }).transform(camelKeys),
  z.strictObject({ name: z.literal('efficientnet-lite'), variant: z.literal(EFFICIENTNET_LITE_VARIANTS), out_stages: stages(2, 4, 6) }).transform(camelKeys),
  z.strictObject({
    name: z.literal('repvgg'),
    variant: z.enum(REPVGG_VARIANTS),
    last_channels: whole(LIMITS.channels).exactOptional(),
    out_stages: stages(2, 3, 4)
  }).transform(camelKeys),
  withOptions('ghostnet').extend({ out_stages: stages(4, 6, 9) }).transform(camelKeys),
  withOptions('mobilenetv1').extend({ out_stages: stages(2, 3, 4) }).transform(camelKeys),
  withOptions('mobilenetv2').extend({ out_stages: stages(2, 4, 6) }).transform(camelKeys),
  withOptions('shufflenetv1').extend({ out_stages: stages(2, 3, 4) }).transform(camelKeys),
  withOptions('shufflenetv2').extend({ out_stages: stages(2, 3, 4) }).transform(camelKeys)
], possible('custom-csp-net', 'efficientnet-lite', 'repvgg', ...Object.keys(OPTIONS)))

export const classifierBackboneSchema = z.discriminatedUnion('name', [
  withOptions('ghostnet').transform(camelKeys),
  withOptions('mobilenetv1').transform(camelKeys),
  withOptions('mobilenetv2').transform(camelKeys),
  withOptions('shufflenetv1').transform(camelKeys),
  withOptions('shufflenetv2').transform(camelKeys)
], possible(...Object.keys(OPTIONS)))

export const neckSchema = z.discriminatedUnion('name', [
  z.strictObject({ name: z.enum(['fpn', 'pan']), out_channels: whole(LIMITS.channels) }).transform(camelKeys),
  z.strictObject({
    name: z.literal('ghost-pan'),
    out_channels: whole(LIMITS.channels),
    kernel: whole(LIMITS.kernel).refine(kernel => kernel % 2 === 1, 'has to be odd').default(5),
    extra_levels: whole(LIMITS.extraLevels).default(1)
  }).transform(camelKeys),
  z.strictObject({
    name: z.literal('tan'),
    out_channels: whole(LIMITS.channels),
    heads: whole(LIMITS.heads).default(8),
    encoders: whole(LIMITS.encoders).default(1),
    mlp_ratio: whole(LIMITS.mlpRatio).default(4)
  }).transform(camelKeys)
], possible('fpn', 'pan', 'ghost-pan', 'tan'))

/** What stands where a file leaves it out, `readOwnConfig` knows: it depends on the other parts. */
const points = {
  reg_max: whole(LIMITS.regMax).default(7),
  strides: z.array(z.int().positive()).min(1).optional(),
  offset: z.number().min(0).max(1).optional()
}
export const pointsSchema = z.strictObject(points).transform(camelKeys)
const tower = { feat_channels: whole(LIMITS.channels).optional(), stacked_convs: whole(LIMITS.stackedConvs).default(2) }
const convModule = z.enum(['depthwise', 'dense']).default('depthwise')
export const headSchema = z.discriminatedUnion('name', [
  z.strictObject({ name: z.literal('gfl-head'), ...tower, norm: z.enum(['batch', 'group']).default('group'), ...points }).transform(camelKeys),
  z.strictObject({ name: z.literal('nanodet-head'), ...tower, conv_module: convModule, share_cls_reg: z.boolean().default(true), ...points })
    .transform(camelKeys),
  z.strictObject({
    name: z.literal('nanodet-plus-head'),
    ...tower,
    conv_module: convModule,
    share_cls_reg: z.literal(true, 'is always true of nanodet-plus-head').default(true),
    ...points
  }).transform(camelKeys)
], possible('gfl-head', 'nanodet-head', 'nanodet-plus-head'))

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
