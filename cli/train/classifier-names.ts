/** Classifiers by short names, so that none needs a config file: `shufflenetv1-0.5x`, `mobilenetv2-0.35`. */
import { z } from 'zod'
import { CLASSIFIERS } from '../../models/architectures.ts'
import type { ClassifierConfig } from '../../models/config.ts'
import { ModelFileError } from '../../models/errors.ts'
import { readOwnConfig } from '../../models/files/own-config.ts'
import { UsageError } from '../errors.ts'

const SIZE = 96
const DEFAULT_WIDTH = '1.0x'
const DEFAULT_GROUPS = 3

type Spec = typeof CLASSIFIERS[number]

/** The short names of each family: `shufflenetv1-0.5x|1.0x|1.5x|2.0x`, `mobilenetv2-FACTOR`. */
export const shortNames = (): string[] => CLASSIFIERS.map(formsOf)

/**
 * The classifier of a short name, for photos of 96×96 pixels; undefined if the name begins with no family. ShuffleNetV1's groups may follow
 * the width: `shufflenetv1-1.0x-g8`.
 * @throws UsageError if the family has no such form
 */
export function namedClassifier (name: string, labels: readonly string[]): ClassifierConfig | undefined {
  const spec = CLASSIFIERS.find(({ name: family }) => name === family || name.startsWith(`${family}-`))
  if (!spec) return undefined
  const [form, width, groups] = /^(?:-(\d+(?:\.\d+)?x?))?(?:-g(\d+))?$/.exec(name.slice(spec.name.length)) ?? []
  const backbone = { name: spec.name, ...widthOf(spec, width), ...groupsOf(spec, groups) }
  const file = { task: 'classify', backbone, input: { width: SIZE, height: SIZE }, labels }
  try {
    if (form !== undefined) return readOwnConfig(JSON.stringify(file), name).config as ClassifierConfig
  } catch (error) {
    if (!(error instanceof ModelFileError)) throw error
  }
  throw new UsageError(`--model: unknown form ${name}; expected ${formsOf(spec)}`)
}

/** The words for the widths of a family; undefined where they are factors. */
const widthWords = ({ options }: Spec): readonly string[] | undefined =>
  options.width instanceof z.ZodEnum ? options.width.options : undefined

function widthOf (spec: Spec, width: string | undefined): object {
  const words = widthWords(spec)
  if (words) return { width: words.find(word => parseFloat(word) === parseFloat(width ?? DEFAULT_WIDTH)) ?? width }
  return width === undefined ? {} : { width: parseFloat(width) }
}

/** Other families than ShuffleNetV1 have none: to them, it is an unknown key. */
const groupsOf = ({ name }: Spec, groups: string | undefined): object =>
  name === 'shufflenetv1' || groups !== undefined ? { groups: Number(groups ?? DEFAULT_GROUPS) } : {}

const formsOf = (spec: Spec): string => `${spec.name}-${widthWords(spec)?.join('|') ?? 'FACTOR'}`
