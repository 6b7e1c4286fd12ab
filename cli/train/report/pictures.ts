/** Validation photos with their boxes, for the report. */
import { join } from 'node:path'
import { annotate, type DrawnObject } from '../../../engine/image/annotate.ts'
import type { ConfusionThresholds } from '../../eval/confusion.ts'
import { groupBy, type Annotation, type CocoBox, type CocoResult, type GroundTruth, type Id } from '../../eval/ground-truth.ts'
import { readInput } from '../../files.ts'
import { MAX_PIXELS } from '../../run-model.ts'
import { isObject } from '../labeled-set.ts'
import { worstMisses } from './misses.ts'
import { figure, row } from './page.ts'

/** Photos of each sheet: the page stays below some megabytes. */
const SHOWN = 12
const MAX_SIDE = 360
/** The colors of class ids 0 and 1: red and green. */
const WRONG = 0
const MISSED = 1

/** What was found on the validation photos; categories are the indices of labels. */
export interface Validated {
  readonly folder: string
  readonly truth: GroundTruth
  readonly results: readonly CocoResult[]
  readonly thresholds: ConfusionThresholds
}

/** The first photos, each with its truth and with what the model finds. HTML */
export async function truthAndFound ({ folder, truth, results, thresholds }: Validated): Promise<string[]> {
  const [truths, found] = [groupBy(truth.annotations.filter(isObject), 'image_id'), groupBy(results, 'image_id')]
  const nameOf = names(truth)
  return await Promise.all(truth.images.slice(0, SHOWN).map(async ({ id, file_name: file }) => {
    const real = (truths.get(id) ?? []).map(annotation => drawn(annotation, nameOf))
    const predicted = (found.get(id) ?? []).filter(({ score }) => score > thresholds.score)
      .map(result => ({ ...drawn(result, nameOf), score: result.score }))
    const path = join(folder, file)
    return row([await picture(path, `${file}: truth`, real), await picture(path, 'found', predicted)])
  }))
}

/** The photos with the most mistakes, with these alone. HTML */
export async function missPictures ({ folder, truth, results, thresholds }: Validated): Promise<string[]> {
  const fileOf = new Map(truth.images.map(({ id, file_name: file }) => [id, file]))
  const nameOf = names(truth)
  const worst = worstMisses(truth, results, thresholds).slice(0, SHOWN)
  return await Promise.all(worst.map(async ({ image, missed, wrong }) => {
    const file = fileOf.get(image)!
    const objects = [
      ...wrong.map(result => ({ ...drawn(result, nameOf), classId: WRONG, score: result.score })),
      ...missed.map(annotation => ({ ...drawn(annotation, nameOf, 'missed '), classId: MISSED }))
    ]
    return await picture(join(folder, file), `${file}: ${mistakesText(missed.length, wrong.length)}`, objects)
  }))
}

/** `2 missed, 1 wrong` */
const mistakesText = (missed: number, wrong: number): string =>
  [...missed > 0 ? [`${missed} missed`] : [], ...wrong > 0 ? [`${wrong} wrong`] : []].join(', ')

const names = ({ categories }: GroundTruth): (id: Id) => string => {
  const byId = new Map(categories.map(({ id, name }) => [id, name]))
  return id => byId.get(id)!
}

const drawn = ({ category_id: id, bbox }: Annotation | CocoResult, nameOf: (id: Id) => string, prefix = ''): DrawnObject =>
  ({ classId: Number(id), label: prefix + nameOf(id), box: corners(bbox) })

const corners = ([x, y, width, height]: CocoBox): DrawnObject['box'] => [x, y, x + width, y + height]

const picture = async (path: string, caption: string, objects: readonly DrawnObject[]): Promise<string> =>
  figure(caption, await annotate(await readInput(path), objects, { maxPixels: MAX_PIXELS, maxSide: MAX_SIDE }))
