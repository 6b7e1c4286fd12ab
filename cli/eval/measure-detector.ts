/** Runs a detector on annotated images and scores it as COCO does. */
import { availableParallelism } from 'node:os'
import { DEFAULT_OPTIONS, SCORING_OPTIONS } from '../../engine/options.ts'
import type { DetectedObject } from '../../engine/results.ts'
import type { Artifact } from '../../models/artifact.ts'
import { matchCategories, type CategoryMatch } from '../../models/categories.ts'
import { CommandError } from '../errors.ts'
import type { Io } from '../io.ts'
import { detectFile, withModel } from '../run-model.ts'
import { cocoScores, type CocoScores } from './coco-ap.ts'
import { detectionConfusion, type ConfusionMatrix, type ConfusionThresholds } from './confusion.ts'
import { eachImage } from './each-image.ts'
import type { CocoResult, Dataset, Id, TruthImage } from './ground-truth.ts'

/** A detection counts in the confusion matrix if `nanodet detect` would show it. */
export const CONFUSION_THRESHOLDS: ConfusionThresholds = { score: DEFAULT_OPTIONS.scoreThreshold, iou: 0.5 }

export interface DetectorScores extends CocoScores {
  readonly model: string
  readonly images: number
  readonly seconds: number
  /** What was found, with upstream's settings for scoring. */
  readonly results: readonly CocoResult[]
  readonly confusion: ConfusionMatrix
  /** Categories that are none of the model's classes, and so never found. */
  readonly unknown: readonly string[]
  readonly notes: readonly string[]
}

/**
 * A model's average precision on a data set.
 * @param images the folder of its images
 * @throws CommandError naming the image that can't be used
 */
export async function measureDetector (
  artifact: Artifact, dataset: Dataset, images: string, io: Io
): Promise<DetectorScores> {
  const match = matched(dataset, artifact)
  const workers = availableParallelism()
  const files = dataset.images.map(({ file_name: file }) => file)
  const { results: found, seconds } = await withModel(artifact, 'detect', { workers, threads: 1 }, async lease => {
    const detect = async (path: string) => (await detectFile(lease, path, SCORING_OPTIONS)).objects
    return await eachImage(images, files, detect, { inFlight: workers, io })
  })
  const results = found.flatMap((objects, i) => toResults(dataset.images[i]!, objects, match))
  return {
    model: artifact.name,
    images: files.length,
    seconds,
    results,
    ...cocoScores(dataset, results),
    confusion: detectionConfusion(dataset, results, CONFUSION_THRESHOLDS),
    unknown: match.unknown.map(({ name }) => name),
    notes: dataset.notes
  }
}

function matched ({ categories }: Dataset, { config: { labels }, name }: Artifact): CategoryMatch<Id> {
  try {
    return matchCategories(categories, labels, name)
  } catch (cause) {
    throw new CommandError((cause as Error).message, { cause })
  }
}

/** Detections of classes that the data set has. */
function toResults (
  { id }: TruthImage, objects: readonly DetectedObject[], { idOfClass }: CategoryMatch<Id>
): CocoResult[] {
  return objects.flatMap(({ classId, score, box: [x1, y1, x2, y2] }) => {
    const category = idOfClass[classId]
    const bbox = [x1, y1, x2 - x1, y2 - y1] as const
    return category === undefined ? [] : [{ image_id: id, category_id: category, bbox, score }]
  })
}
