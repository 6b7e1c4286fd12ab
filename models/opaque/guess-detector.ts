import type { Size } from '../../head/decode/boxes.ts'
import { LIMITS } from '../../nn/limits.ts'
import type { ImportedGraph } from '../../nn/onnx/from-onnx.ts'
import type { PointsConfig } from '../../nn/spec.ts'
import type { OpaqueConfig } from '../config.ts'
import { ModelFileError } from '../errors.ts'
import { COCO_LABELS, MAX_CLASSES, numberedLabels } from '../labels.ts'
import { IMAGENET_BGR } from '../normalize.ts'
import { LARGEST_STRIDE, type ResizeMode } from '../resize-mode.ts'
import { groupsOf, pointOutputs, pointsOf, type PointOutput } from './outputs.ts'

/** The two generations of NanoDet, known by their levels. Those of the first contain those of the second, and are tried first. */
const GENERATIONS: ReadonlyArray<Omit<PointsConfig, 'regMax'> & { readonly resizeMode: ResizeMode }> = [
  { strides: [8, 16, 32, 64], offset: 0, resizeMode: 'stretch' },
  { strides: [8, 16, 32], offset: 0.5, resizeMode: 'letterbox' }
]
const REG_MAX = 7
/** Of published models, and of upstream's heads if a config names none. */
const KNOWN_REG_MAX = [REG_MAX, 10, 16]
/** Boxes without distributions: a value for each side. */
const SIDES = 4
const COCO = COCO_LABELS.length

/** A config that follows from NanoDet's conventions, and what was guessed for it, in sentences. */
export interface DetectorGuess {
  readonly kind: 'opaque'
  readonly config: OpaqueConfig
  readonly notes: string[]
}

/**
 * A graph with NanoDet's outputs: probabilities as scores, ImageNet's statistics, COCO's labels if there are 80 classes. Three levels are
 * the first generation (centered letterbox, points at the center of cells), four the second (stretched, points in the corners).
 * @returns undefined if the outputs are not NanoDet's for the input size
 * @throws ModelFileError if they are, but NanoDet can't have this input size
 */
export function guessDetector ({ outputs }: ImportedGraph, name: string, input: Size): DetectorGuess | undefined {
  const points = pointOutputs(outputs.values())
  for (const generation of GENERATIONS) {
    const values = valuesOf(groupsOf(points, pointsOf(input, generation.strides)))
    if (!values || values.numClasses > MAX_CLASSES || values.regMax > LIMITS.regMax[1]) continue
    checkInput(input, name)
    const config = configOf(values, generation, name, input)
    return { kind: 'opaque', config, notes: notesOn(config) }
  }
  return undefined
}

function checkInput ({ width, height }: Size, name: string): void {
  if (width % LARGEST_STRIDE === 0 && height % LARGEST_STRIDE === 0) return
  throw new ModelFileError(name, `the graph takes images of ${width}×${height}; a detector's width and height must be multiples of ${LARGEST_STRIDE}`)
}

function configOf (
  { numClasses, regMax, boxes }: Values, { strides, offset, resizeMode }: typeof GENERATIONS[number], name: string, input: Size
): OpaqueConfig {
  const labels = numClasses === COCO ? COCO_LABELS : numberedLabels(numClasses)
  const head = { regMax, strides, offset }
  return { name, opaque: true, scores: 'probabilities', ...boxes && { boxes }, head, input, resizeMode, normalization: IMAGENET_BGR, labels }
}

function notesOn ({ labels, head: { regMax, strides, offset }, boxes, resizeMode }: OpaqueConfig): string[] {
  const names = labels.length === COCO ? "with COCO's labels" : `labeled ${labels[0]} to ${labels.at(-1)}`
  const distances = regMax > 0 ? `are distributions over ${regMax + 1} bins (reg_max ${regMax})` : 'are distances in strides (reg_max 0)'
  return [
    `Guessed from the shapes of the outputs: ${labels.length} classes, ${names}.`,
    `Guessed from the shapes of the outputs: boxes ${boxes ? 'are corners in pixels of the input' : distances}.`,
    `Guessed from the number of points: strides ${strides.join(', ')}, offset ${offset}, resize mode ${resizeMode}.`,
    "Assumed: scores are probabilities, and pixels are normalized with NanoDet's mean and std in BGR order."
  ]
}

interface Values { readonly numClasses: number, readonly regMax: number, readonly boxes?: 'corners' }

/** What the outputs hold; undefined if they are not one of everything, or one of classes and one of boxes, alike for all levels. */
function valuesOf (groups: readonly PointOutput[][] | undefined): Values | undefined {
  const [first, ...others] = groups?.map(group => group.map(({ values }) => values)) ?? []
  if (!first || others.some(level => level.toSorted().join() !== first.toSorted().join())) return undefined
  const isTogether = others.length === 0
  if (first.length === 1) return valuesOfWhole(first[0]!, isTogether)
  return first.length === 2 ? valuesOfPair(first[0]!, first[1]!, isTogether) : undefined
}

/** COCO's classes if a known kind of boxes leaves as many; otherwise what the usual distributions leave, or the sides of a box. */
function valuesOfWhole (width: number, isTogether: boolean): Values | undefined {
  const isCoco = (regMax: number): boolean => width - SIDES * (regMax + 1) === COCO
  const usual = width > SIDES * (REG_MAX + 1) ? REG_MAX : 0
  const regMax = [...KNOWN_REG_MAX, 0].find(isCoco) ?? usual
  const numClasses = width - SIDES * (regMax + 1)
  return numClasses > 0 ? { numClasses, ...boxesOf(regMax, isTogether) } : undefined
}

/** The likelier width is that of the boxes; of equal ones, the second. */
function valuesOfPair (a: number, b: number, isTogether: boolean): Values | undefined {
  const [numClasses, distances] = rank(a) < rank(b) ? [b, a] : [a, b]
  if (rank(distances) === Infinity) return undefined
  return { numClasses, ...boxesOf(distances / SIDES - 1, isTogether) }
}

/** How likely so many values are boxes: the lower, the likelier. */
function rank (width: number): number {
  const known = KNOWN_REG_MAX.indexOf(width / SIDES - 1)
  if (known >= 0) return known
  if (width === SIDES) return KNOWN_REG_MAX.length
  return width % SIDES === 0 && width !== COCO ? KNOWN_REG_MAX.length + 1 : Infinity
}

/** Boxes of all levels together, without distributions, are decoded: corners. Those of one level are distances. */
const boxesOf = (regMax: number, isTogether: boolean): Omit<Values, 'numClasses'> =>
  regMax === 0 && isTogether ? { regMax, boxes: 'corners' } : { regMax }
