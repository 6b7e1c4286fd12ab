import { imageBoxes, IOU_THRESHOLDS, matchImage } from './coco-matching.ts'
import type { AreaRange, ImageBoxes, ImageMatches } from './coco-matching.ts'
import { groupBy, type Annotation, type Category, type CocoResult, type GroundTruth, type Id } from './ground-truth.ts'
import { categoryCurves, mean, type Curves } from './precision-curve.ts'

/** COCO's twelve metrics, 0 to 1; -1 if the ground truth has no object to find. */
export interface CocoSummary {
  AP: number
  AP50: number
  AP75: number
  APs: number
  APm: number
  APl: number
  AR1: number
  AR10: number
  AR100: number
  ARs: number
  ARm: number
  ARl: number
}

/** How well one category is found. */
export interface CategoryScore extends Curves {
  readonly category: Category
  readonly AP: number
  readonly AP50: number
  readonly AP75: number
  readonly AR100: number
}

export interface CocoScores {
  readonly summary: CocoSummary
  /** Only categories with objects to find, in the order of the ground truth. */
  readonly categories: readonly CategoryScore[]
}

const SMALL: AreaRange = [0, 32 ** 2]
const MEDIUM: AreaRange = [32 ** 2, 96 ** 2]
const LARGE: AreaRange = [96 ** 2, 1e10]
const ALL: AreaRange = [0, 1e10]
const AT_50 = 0
const AT_75 = 5

/**
 * COCO's box AP and AR over all images and categories of `truth`; results of other images or categories don't count.
 * Source: pycocotools' COCOeval with its default parameters and iouType 'bbox'.
 */
export function cocoScores (truth: GroundTruth, results: readonly CocoResult[]): CocoScores {
  const categories = uniqueById(truth.categories)
  const boxes = boxesByCategory(truth, categories, results)
  const match = (range: AreaRange) => boxes.map(images => images.map(image => matchImage(image, range)))
  const all = match(ALL)
  const curves = all.map(images => categoryCurves(images, 100))
  const averagesIn = (range: AreaRange) => averages(curvesOf(match(range), 100))
  return {
    summary: {
      ...precisions(averages(present(curves))),
      APs: averagesIn(SMALL).ap,
      APm: averagesIn(MEDIUM).ap,
      APl: averagesIn(LARGE).ap,
      AR1: averages(curvesOf(all, 1)).ar,
      AR10: averages(curvesOf(all, 10)).ar,
      AR100: averages(present(curves)).ar,
      ARs: averagesIn(SMALL).ar,
      ARm: averagesIn(MEDIUM).ar,
      ARl: averagesIn(LARGE).ar
    },
    categories: categories.flatMap((category, i) => scoreOf(category, curves[i]))
  }
}

/** Of items with the same id, the last counts, as in pycocotools. */
export const uniqueById = <Item extends { readonly id: Id }>(items: readonly Item[]): Item[] =>
  [...new Map(items.map(item => [item.id, item])).values()]

function scoreOf (category: Category, curves: Curves | undefined): CategoryScore[] {
  if (!curves) return []
  const { ar: AR100, ...averaged } = averages([curves])
  return [{ category, ...curves, ...precisions(averaged), AR100 }]
}

/** Category by category, the images in which it occurs, by id: that decides between equal scores. */
function boxesByCategory (
  truth: GroundTruth, categories: readonly Category[], results: readonly CocoResult[]
): ImageBoxes[][] {
  const imageIds = [...new Set(truth.images.map(({ id }) => id))].sort((a, b) => a < b ? -1 : 1)
  const truths = groupBy(truth.annotations, 'category_id')
  const detections = groupBy(results, 'category_id')
  return categories.map(({ id }) => boxesByImage(imageIds, truths.get(id) ?? [], detections.get(id) ?? []))
}

function boxesByImage (
  imageIds: readonly Id[], truths: readonly Annotation[], detections: readonly CocoResult[]
): ImageBoxes[] {
  const truthsOf = groupBy(truths, 'image_id')
  const detectionsOf = groupBy(detections, 'image_id')
  return imageIds
    .filter(id => truthsOf.has(id) || detectionsOf.has(id))
    .map(id => imageBoxes(detectionsOf.get(id) ?? [], truthsOf.get(id) ?? []))
}

const curvesOf = (categories: ReadonlyArray<readonly ImageMatches[]>, maxDetections: number): Curves[] =>
  present(categories.map(images => categoryCurves(images, maxDetections)))

const present = (curves: ReadonlyArray<Curves | undefined>): Curves[] => curves.filter(one => one !== undefined)

interface Averages {
  readonly ap: number
  readonly ar: number
  /** By IoU threshold. */
  readonly precision: readonly number[]
}

/** Means over the categories; -1 if there are none. */
function averages (curves: readonly Curves[]): Averages {
  const precision = IOU_THRESHOLDS.map((_, t) => mean(curves.map(({ precision }) => mean(precision[t]!))))
  const recall = IOU_THRESHOLDS.map((_, t) => mean(curves.map(({ recall }) => recall[t]!)))
  return { ap: mean(precision), ar: mean(recall), precision }
}

const precisions = ({ ap, precision }: Omit<Averages, 'ar'>) =>
  ({ AP: ap, AP50: precision[AT_50]!, AP75: precision[AT_75]! })
