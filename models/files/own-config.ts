import { z } from 'zod'
import { ACTIVATIONS, type ActivationName } from '../../nn/activations.ts'
import { headSpecOf, neckSpecOf, type HeadConfig } from '../architectures.ts'
import type { ConfigOfKind, ClassifierConfig, ModelConfig, OpaqueConfig } from '../config.ts'
import { numberedLabels } from '../labels.ts'
import { IMAGENET_BGR, IMAGENET_RGB } from '../normalize.ts'
import { checkConfig } from './check-config.ts'
import { ModelFileError } from '../errors.ts'
import { LIMITS } from './limits.ts'
import {
  backboneSchema, classifierBackboneSchema, resizeModeSchema, headSchema, inputSchema, labelListSchema, labelsSchema, neckSchema,
  normalizationSchema, pointsSchema
} from './own-schema.ts'

const FINEST_STRIDE = 8
const CLASSIFIER_INPUT = { width: 224, height: 224 }
/** Levels from which on a graph is taken for NanoDet-Plus. */
const PLUS_LEVELS = 4

const detectorSchema = z.strictObject({
  task: z.literal('detect'),
  backbone: backboneSchema,
  neck: neckSchema,
  head: headSchema,
  act: z.enum(Object.keys(ACTIVATIONS) as ActivationName[]).default('LeakyReLU'),
  input: inputSchema,
  resize_mode: resizeModeSchema.optional(),
  normalization: normalizationSchema.default(IMAGENET_BGR),
  labels: labelsSchema
})
const opaqueSchema = z.strictObject({
  task: z.literal('detect'),
  graph: z.literal('opaque'),
  head: pointsSchema.prefault({}),
  input: inputSchema,
  resize_mode: resizeModeSchema.optional(),
  normalization: normalizationSchema.default(IMAGENET_BGR),
  scores: z.enum(['probabilities', 'logits']).default('probabilities'),
  labels: labelsSchema
})
const classifierSchema = z.strictObject({
  task: z.literal('classify'),
  backbone: classifierBackboneSchema,
  input: inputSchema.default(CLASSIFIER_INPUT),
  normalization: normalizationSchema.default(IMAGENET_RGB),
  labels: labelListSchema.optional(),
  classes: z.int().min(1).max(LIMITS.classes[1]).optional()
}).refine(({ labels, classes }) => (labels === undefined) !== (classes === undefined), 'needs either labels or classes, their number')

/**
 * Reads a model file of our own (JSON, keys in snake_case; docs/bring-your-own-model.md has them all). Keys that there are not are errors.
 * @param name what the model shall be called
 * @throws ModelFileError naming each key that can't be used
 */
export function readOwnConfig (text: string, name: string): ConfigOfKind {
  const file = parseJson(text, name)
  const { task, graph } = check(z.looseObject({ task: z.enum(['detect', 'classify']), graph: z.literal('opaque').optional() }), file, name)
  if (task === 'classify') return { kind: 'classifier', config: toClassifier(check(classifierSchema, file, name), name) }
  if (graph === 'opaque') return { kind: 'opaque', config: toOpaque(check(opaqueSchema, file, name), name) }
  return { kind: 'detector', config: toDetector(check(detectorSchema, file, name), name) }
}

function parseJson (text: string, name: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new ModelFileError(name, `the file is not JSON: ${(error as Error).message}`)
  }
}

function check<Schema extends z.ZodType> (schema: Schema, value: unknown, name: string): z.output<Schema> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new ModelFileError(name, parsed.error.issues.map(({ path, message }) => path.length > 0 ? `${path.join('.')}: ${message}` : message).join('; '))
}

function toDetector ({ task, resize_mode: own, ...file }: z.output<typeof detectorSchema>, name: string): ModelConfig {
  const { backbone, neck } = file
  const { offset, resizeMode } = headSpecOf(file.head).trained
  const head: HeadConfig = {
    ...file.head,
    featChannels: file.head.featChannels ?? neck.outChannels,
    strides: file.head.strides ?? doubling(backbone.outStages.length + (neckSpecOf(neck).extraLevels?.(neck) ?? 0)),
    offset: file.head.offset ?? offset
  }
  const config: ModelConfig = { ...file, name, head, resizeMode: own ?? resizeMode }
  checkConfig(config)
  return config
}

const doubling = (levels: number): number[] => Array.from({ length: levels }, (_, i) => FINEST_STRIDE * 2 ** i)

function toOpaque ({ task, graph, resize_mode: own, ...file }: z.output<typeof opaqueSchema>, name: string): OpaqueConfig {
  const { regMax, strides = doubling(3) } = file.head
  const { offset, resizeMode } = headSpecOf({ name: strides.length < PLUS_LEVELS ? 'nanodet-head' : 'nanodet-plus-head' }).trained
  return { ...file, name, opaque: true, head: { regMax, strides, offset: file.head.offset ?? offset }, resizeMode: own ?? resizeMode }
}

function toClassifier ({ task, classes, labels, ...file }: z.output<typeof classifierSchema>, name: string): ClassifierConfig {
  return { ...file, name, labels: labels ?? numberedLabels(classes!) }
}
