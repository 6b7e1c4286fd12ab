import { z } from 'zod'
import { ACTIVATIONS, type ActivationName } from '../../nn/activations.ts'
import { headSpecOf, neckSpecOf, type HeadConfig } from '../architectures.ts'
import type { ConfigOfKind, ClassifierConfig, ModelConfig, OpaqueClassifierConfig, OpaqueConfig } from '../config.ts'
import { numberedLabels } from '../labels.ts'
import { nearest } from '../nearest.ts'
import { IMAGENET_BGR, IMAGENET_RGB } from '../normalize.ts'
import { REGISTRY } from '../registry.ts'
import { checkConfig } from './check-config.ts'
import { ModelFileError } from '../errors.ts'
import { LIMITS } from './limits.ts'
import {
  anyInputSchema, backboneSchema, classifierBackboneSchema, graphResizeModeSchema, headSchema, inputSchema, labelListSchema, labelsSchema,
  neckSchema, normalizationSchema, pointsSchema, resizeModeSchema
} from './own-schema.ts'

const FINEST_STRIDE = 8
const REG_MAX = 7
const CLASSIFIER_INPUT = { width: 224, height: 224 }
/** From so many levels on, a graph counts as NanoDet-Plus. */
const PLUS_LEVELS = 4
const SUGGESTIONS = 3

const activationSchema = z.enum(Object.keys(ACTIVATIONS) as ActivationName[])
const actsSchema: z.ZodType<NonNullable<ModelConfig['acts']>> = z.partialRecord(z.enum(['backbone', 'neck', 'head']), activationSchema)
const detectorSchema = z.strictObject({
  task: z.literal('detect'),
  backbone: backboneSchema,
  neck: neckSchema,
  head: headSchema,
  act: activationSchema.default('LeakyReLU'),
  acts: actsSchema.optional(),
  input: inputSchema,
  resize_mode: resizeModeSchema.optional(),
  normalization: normalizationSchema.default(IMAGENET_BGR),
  labels: labelsSchema
})
const publishedSchema = z.strictObject({
  model: z.string(),
  task: z.literal('detect').optional(),
  input: inputSchema.optional(),
  resize_mode: resizeModeSchema.optional(),
  normalization: normalizationSchema.optional(),
  labels: labelsSchema.optional()
})
const scoresSchema = z.enum(['probabilities', 'logits'])
const opaqueSchema = z.strictObject({
  task: z.literal('detect'),
  graph: z.literal('opaque'),
  head: pointsSchema.prefault({}),
  boxes: z.enum(['distances', 'corners']).default('distances'),
  input: inputSchema,
  resize_mode: graphResizeModeSchema.optional(),
  normalization: normalizationSchema.default(IMAGENET_BGR),
  scores: scoresSchema.default('probabilities'),
  labels: labelsSchema
}).refine(({ boxes, head }) => boxes !== 'corners' || !head.regMax, {
  path: ['head', 'reg_max'],
  error: 'corners have no distributions: leave it out'
})

const classes = {
  labels: labelListSchema.optional(),
  classes: z.int().min(1).max(LIMITS.classes[1]).optional()
}
const hasLabels = ({ labels, classes }: { labels?: unknown, classes?: unknown }): boolean =>
  (labels === undefined) !== (classes === undefined)
const LABELS_PROBLEM = 'needs either labels or classes, their number'
const classifierSchema = z.strictObject({
  task: z.literal('classify'),
  backbone: classifierBackboneSchema,
  input: inputSchema.default(CLASSIFIER_INPUT),
  normalization: normalizationSchema.default(IMAGENET_RGB),
  ...classes
}).refine(hasLabels, LABELS_PROBLEM)
const opaqueClassifierSchema = z.strictObject({
  task: z.literal('classify'),
  graph: z.literal('opaque'),
  input: anyInputSchema.default(CLASSIFIER_INPUT),
  normalization: normalizationSchema.default(IMAGENET_RGB),
  scores: scoresSchema.default('logits'),
  ...classes
}).refine(hasLabels, LABELS_PROBLEM)

/** The keys that tell which of the schemas applies. */
const kindSchema = z.looseObject({ task: z.enum(['detect', 'classify']), graph: z.literal('opaque').optional() })

/**
 * Reads a JSON description of a model (docs/bring-your-own-model.md has all keys). Unknown keys are errors.
 * @param name what to call the model
 * @throws ModelFileError naming each key that can't be used
 */
export function readOwnConfig (text: string, name: string): ConfigOfKind {
  const file = parseJson(text, name)
  if (typeof file === 'object' && file !== null && 'model' in file) {
    return { kind: 'detector', config: toPublished(check(publishedSchema, file, name), name) }
  }
  const { task, graph } = check(kindSchema, file, name)
  if (task === 'detect') {
    return graph === 'opaque'
      ? { kind: 'opaque', config: toOpaque(check(opaqueSchema, file, name), name) }
      : { kind: 'detector', config: toDetector(check(detectorSchema, file, name), name) }
  }
  return graph === 'opaque'
    ? { kind: 'opaque-classifier', config: toOpaqueClassifier(check(opaqueClassifierSchema, file, name), name) }
    : { kind: 'classifier', config: toClassifier(check(classifierSchema, file, name), name) }
}

function parseJson (text: string, name: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new ModelFileError(name, `the file is not valid JSON: ${(error as Error).message}`)
  }
}

function check<Schema extends z.ZodType> (schema: Schema, value: unknown, name: string): z.output<Schema> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new ModelFileError(name, parsed.error.issues.map(({ path, message }) => path.length > 0 ? `${path.join('.')}: ${message}` : message).join('; '))
}

function toDetector ({ task, acts, resize_mode: own, ...file }: z.output<typeof detectorSchema>, name: string): ModelConfig {
  const { backbone, neck } = file
  const { offset, resizeMode } = headSpecOf(file.head).trained
  const head: HeadConfig = {
    ...file.head,
    featChannels: file.head.featChannels ?? neck.outChannels,
    strides: file.head.strides ?? doubling(backbone.outStages.length + (neckSpecOf(neck).extraLevels?.(neck) ?? 0)),
    offset: file.head.offset ?? offset
  }
  const config: ModelConfig = { ...file, ...acts && { acts }, name, head, resizeMode: own ?? resizeMode }
  checkConfig(config)
  return config
}

const doubling = (levels: number): number[] => Array.from({ length: levels }, (_, i) => FINEST_STRIDE * 2 ** i)

/** A published model, with the keys of the file instead of its own. */
function toPublished ({ model, task, resize_mode: own, ...file }: z.output<typeof publishedSchema>, name: string): ModelConfig {
  const known = REGISTRY.get(model)
  if (!known) {
    const near = nearest(model, [...REGISTRY.keys()], { count: SUGGESTIONS })
    throw new ModelFileError(name, `model: unknown model ${model}${near.length > 0 ? `; the nearest are ${near.join(', ')}` : ''}`)
  }
  const { published, weights, ...config } = known
  const { input = config.input, normalization = config.normalization, labels = config.labels } = file
  const changed: ModelConfig = { ...config, name, input, normalization, labels, resizeMode: own ?? config.resizeMode }
  checkConfig(changed)
  return changed
}

function toOpaque ({ task, graph, resize_mode: own, boxes, ...file }: z.output<typeof opaqueSchema>, name: string): OpaqueConfig {
  const isCorners = boxes === 'corners'
  const { regMax = isCorners ? 0 : REG_MAX, strides = doubling(3) } = file.head
  const { offset, resizeMode } = headSpecOf({ name: strides.length < PLUS_LEVELS ? 'nanodet-head' : 'nanodet-plus-head' }).trained
  const head = { regMax, strides, offset: file.head.offset ?? offset }
  return { ...file, name, opaque: true, ...isCorners && { boxes }, head, resizeMode: own ?? resizeMode }
}

function toClassifier ({ task, classes, labels, ...file }: z.output<typeof classifierSchema>, name: string): ClassifierConfig {
  return { ...file, name, labels: labels ?? numberedLabels(classes!) }
}

function toOpaqueClassifier (
  { task, graph, classes, labels, ...file }: z.output<typeof opaqueClassifierSchema>, name: string
): OpaqueClassifierConfig {
  return { ...file, name, opaque: true, labels: labels ?? numberedLabels(classes!) }
}
