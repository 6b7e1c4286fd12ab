/** Runs a classifier on labeled images. */
import { availableParallelism } from 'node:os'
import type { Classification } from '../../engine/results.ts'
import type { Artifact } from '../../models/artifact.ts'
import { readInput } from '../files.ts'
import type { Io } from '../io.ts'
import { aboutFile, MAX_PIXELS, withModel } from '../run-model.ts'
import { classConfusion, type ConfusionMatrix } from './confusion.ts'
import { eachImage } from './each-image.ts'
import type { LabeledImage, LabeledImages } from './labeled-images.ts'

const TOP = 5

/** An image and the classes found in it, highest score first. */
export interface Prediction extends LabeledImage { readonly classes: readonly Classification[] }

export interface ClassAccuracy {
  readonly label: string
  readonly images: number
  readonly top1: number
  readonly top5: number
}

export interface ClassifierScores {
  readonly model: string
  readonly labels: readonly string[]
  readonly seconds: number
  /** Share of the images whose class has the highest score, 0 … 1. */
  readonly top1: number
  /** Share of the images whose class is among the five highest scores. */
  readonly top5: number
  /** Only classes with images. */
  readonly classes: readonly ClassAccuracy[]
  readonly confusion: ConfusionMatrix
  readonly predictions: readonly Prediction[]
  readonly notes: readonly string[]
}

/**
 * A classifier's accuracy.
 * @param folder the paths of the images are relative to it
 * @throws CommandError naming the image that can't be used
 */
export async function measureClassifier (
  artifact: Artifact, { images, notes }: LabeledImages, folder: string, io: Io
): Promise<ClassifierScores> {
  const workers = availableParallelism()
  const files = images.map(({ file }) => file)
  const { results, seconds } = await withModel(artifact, 'classify', { workers, threads: 1 }, async lease =>
    await eachImage(folder, files, async path => {
      const bytes = await readInput(path)
      return (await aboutFile(path, lease.run({ bytes, maxPixels: MAX_PIXELS, topK: TOP }))).classes
    }, { inFlight: workers, io }))
  const predictions = results.map((classes, i) => ({ ...images[i]!, classes }))
  const { labels } = artifact.config
  return {
    model: artifact.name,
    labels,
    seconds,
    ...accuracy(predictions),
    classes: labels.flatMap((label, id) => classAccuracy(label, predictions.filter(({ classId }) => classId === id))),
    confusion: classConfusion(labels, predictions.map(({ classId, classes }) => [classId, classes[0]!.classId])),
    predictions,
    notes
  }
}

/** Whether the class with the highest score is the right one. */
export const isHit = ({ classId, classes }: Prediction): boolean => classes[0]!.classId === classId

function accuracy (predictions: readonly Prediction[]): { top1: number, top5: number } {
  const share = (isRight: (one: Prediction) => boolean): number =>
    predictions.filter(isRight).length / predictions.length
  const isAmongBest = ({ classId, classes }: Prediction): boolean => classes.some(found => found.classId === classId)
  return { top1: share(isHit), top5: share(isAmongBest) }
}

const classAccuracy = (label: string, own: readonly Prediction[]): ClassAccuracy[] =>
  own.length === 0 ? [] : [{ label, images: own.length, ...accuracy(own) }]
