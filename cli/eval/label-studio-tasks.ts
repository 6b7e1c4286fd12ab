import { z } from 'zod'
import { isImageName } from '../../engine/image/image-name.ts'
import { counted } from '../../engine/numbers.ts'
import { CommandError } from '../errors.ts'
import { groupBy } from './ground-truth.ts'

const time = z.string().nullish()

const geometry = {
  x: z.number().optional(),
  y: z.number().optional(),
  width: z.number().optional(),
  height: z.number().optional(),
  rotation: z.number().optional(),
  rectanglelabels: z.array(z.string().min(1)).optional()
}
const place = { original_width: z.number().optional(), original_height: z.number().optional(), image_rotation: z.number().optional() }

/** A region as JSON-MIN has it: lengths in percent of the photo. */
const regionSchema = z.object({ ...geometry, ...place })
const resultSchema = z.object({ ...place, value: z.object(geometry).optional() })
const annotationSchema = z.object({ result: z.array(resultSchema), was_cancelled: z.boolean().nullish(), updated_at: time })

/** A task of the export JSON. */
const taskSchema = z.object({ data: z.record(z.string(), z.unknown()), annotations: z.array(annotationSchema).default([]) })
/** An annotation of the export JSON-MIN: the task's data, and a list of regions for each control. */
const minSchema = z.looseObject({ updated_at: time })

export type Region = z.output<typeof regionSchema>

/** A photo as the file names it, and the regions of its latest annotation. */
export interface LabeledPhoto { readonly image: string, readonly regions: readonly Region[] }

interface Labeled extends LabeledPhoto { readonly updated: string }

/** The photos of an export that are labeled. @throws CommandError naming the file and its first fault */
export function labeledPhotos (path: string, json: unknown): { photos: LabeledPhoto[], notes: string[] } {
  const isFull = Array.isArray(json) && json.some(task => typeof task === 'object' && task !== null && 'data' in task)
  const parsed = z.array(isFull ? taskSchema : minSchema).min(1).safeParse(json)
  if (!parsed.success) {
    const { path: where, message } = parsed.error.issues[0]!
    throw new CommandError(`${path}: not an export of Label Studio: ${[...where, message].join(': ')}`)
  }
  const labeled = isFull
    ? (parsed.data as z.output<typeof taskSchema>[]).flatMap((task, i) => ofTask(path, task, i))
    : (parsed.data as z.output<typeof minSchema>[]).map((record, i) => ofRecord(path, record, i))
  if (labeled.length === 0) throw new CommandError(`${path}: no task has an annotation`)
  const byImage = [...groupBy(labeled, 'image').values()]
  const several = byImage.filter(({ length }) => length > 1).length
  return {
    photos: byImage.map(latest),
    notes: [
      ...several > 0 ? [`${counted(several, 'photo')} with several annotations: the latest counts`] : [],
      ...isFull ? unlabeled(parsed.data as z.output<typeof taskSchema>[]) : []
    ]
  }
}

const isDone = ({ was_cancelled: isSkipped }: z.output<typeof annotationSchema>): boolean => !isSkipped

function ofTask (path: string, { data, annotations }: z.output<typeof taskSchema>, index: number): Labeled[] {
  return annotations.filter(isDone).map(({ result, updated_at: updated }) => ({
    image: imageIn(path, data, index),
    updated: updated ?? '',
    regions: result.map(({ value, ...place }) => ({ ...place, ...value }))
  }))
}

function ofRecord (path: string, record: z.output<typeof minSchema>, index: number): Labeled {
  const lists = Object.values(record).filter(value => Array.isArray(value))
  const regions = lists.flatMap(list => list.flatMap(item => regionIn(path, item, index)))
  return { image: imageIn(path, record, index), updated: record.updated_at ?? '', regions }
}

/** The region that an item of a record's list is. Items of other controls differ. */
function regionIn (path: string, item: unknown, index: number): Region[] {
  const { data, error } = regionSchema.safeParse(item)
  if (data) return [data]
  if (typeof item !== 'object' || item === null || !('rectanglelabels' in item)) return []
  const { path: where, message } = error!.issues[0]!
  throw new CommandError(`${path}: task ${index + 1}: ${[...where, message].join(': ')}`)
}

/** The photo in a task's data: the first value that names one. */
function imageIn (path: string, data: Readonly<Record<string, unknown>>, index: number): string {
  const texts = Object.values(data).filter(value => typeof value === 'string')
  const found = texts.find(text => isImageName(text.replace(/[?#](?!d=).*$/, ''))) ?? data['image'] ?? data['img']
  if (typeof found === 'string' && found !== '') return found
  throw new CommandError(`${path}: task ${index + 1}: no image in its data`)
}

/** In files of equal times, the last. */
const latest = (annotations: readonly Labeled[]): Labeled =>
  annotations.reduce((latest, one) => one.updated >= latest.updated ? one : latest)

function unlabeled (tasks: readonly z.output<typeof taskSchema>[]): string[] {
  const count = tasks.filter(({ annotations }) => !annotations.some(isDone)).length
  return count > 0 ? [`${counted(count, 'task')} without an annotation: left out`] : []
}
