/** Schemas for the parts of JSON descriptions: from snake_case on disk to the camelCase of configs. */
import { z } from 'zod'
import { camelKeys } from '../../nn/camel-keys.ts'
import { LIMITS as PART_LIMITS, whole } from '../../nn/limits.ts'
import {
  BACKBONES, CLASSIFIERS, HEADS, NECKS,
  type BackboneConfig, type ClassifierBackboneConfig, type HeadConfig, type NeckConfig
} from '../architectures.ts'
import { LARGEST_STRIDE } from '../resize-mode.ts'
import { COCO_LABELS } from '../labels.ts'
import { LIMITS } from './limits.ts'

type Keys = Readonly<Record<string, z.ZodType>>
interface Part { readonly name: string, readonly options: Keys }

/** One of several parts, discriminated by name. The compiler can't infer which options go with which name, hence `Config`. */
function oneOf<Config> (specs: readonly Part[], more: readonly Keys[] = []) {
  const [first, ...others] = specs.map(({ name, options }, i) =>
    z.strictObject({ name: z.literal(name), ...options, ...more[i] }).transform(camelKeys))
  const error = `possible names: ${specs.map(({ name }) => name).join(', ')}`
  return z.discriminatedUnion('name', [first!, ...others], { error }) as unknown as z.ZodType<Config>
}

const outStages = (known: readonly number[]) => ({ out_stages: z.array(z.int()).min(1).default([...known]) })
export const backboneSchema = oneOf<BackboneConfig>(BACKBONES, BACKBONES.map(spec => outStages(spec.outStages)))
export const classifierBackboneSchema = oneOf<ClassifierBackboneConfig>(CLASSIFIERS)
export const neckSchema = oneOf<NeckConfig>(NECKS, NECKS.map(() => ({ out_channels: whole(PART_LIMITS.channels) })))

const REG_MAX = 7

/** `readOwnConfig` fills in what a file leaves out: it depends on the other parts. */
const points = {
  reg_max: whole(PART_LIMITS.regMax).default(REG_MAX),
  strides: z.array(z.int().positive()).min(1).optional(),
  offset: z.number().min(0).max(1).optional()
}
/** The outputs of a graph; `reg_max` 0 means that it returns distances, not distributions. */
export const pointsSchema = z.strictObject({ ...points, reg_max: whole([0, PART_LIMITS.regMax[1]]).optional() }).transform(camelKeys)
const common = { feat_channels: whole(PART_LIMITS.channels).optional(), ...points }
type LeftOut = 'featChannels' | 'strides' | 'offset'
type WithGaps<C> = C extends HeadConfig ? Omit<C, LeftOut> & Partial<Pick<C, LeftOut>> : never
export const headSchema = oneOf<WithGaps<HeadConfig>>(HEADS, HEADS.map(() => common))

const side = whole(LIMITS.side).multipleOf(LARGEST_STRIDE)
export const inputSchema = z.strictObject({ width: side, height: side })
const anySide = whole([1, LIMITS.side[1]])
/** The input of a classifier's graph. */
export const anyInputSchema = z.strictObject({ width: anySide, height: anySide })

export const resizeModeSchema = z.enum(['letterbox', 'keep-ratio', 'stretch'])
/** A graph's input has one size. */
export const graphResizeModeSchema = z.enum(['letterbox', 'stretch'])

const triple = (number: z.ZodNumber) => z.tuple([number, number, number]).readonly()
export const normalizationSchema = z.strictObject({
  channel_order: z.enum(['BGR', 'RGB']),
  mean: triple(z.number()),
  std: triple(z.number().positive())
}).transform(camelKeys)

export const labelListSchema = z.array(z.string().min(1)).min(1).max(LIMITS.classes[1])
  .refine(labels => new Set(labels).size === labels.length, 'has a label twice')
export const labelsSchema = z.preprocess(labels => labels === 'coco' ? [...COCO_LABELS] : labels, labelListSchema)
