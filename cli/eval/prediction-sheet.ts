import { join } from 'node:path'
import { contactSheet } from '../../engine/features/contact-sheet.ts'
import { readInput } from '../files.ts'
import { MAX_PIXELS } from '../run-model.ts'
import { isHit, type Prediction } from './measure-classifier.ts'

const HIT = '#4fbf67'
const MISTAKE = '#e0643f'

/** A JPEG of images with their predicted and, if it differs, their true class. */
export async function predictionSheet (
  folder: string, predictions: readonly Prediction[], labels: readonly string[], title: string
): Promise<Buffer> {
  const tiles = predictions.map(one => ({
    read: () => readInput(join(folder, one.file)),
    color: isHit(one) ? HIT : MISTAKE,
    lines: [predicted(one), isHit(one) ? '' : `is ${labels[one.classId]}`]
  }))
  return await contactSheet(tiles, { title, maxPixels: MAX_PIXELS })
}

const predicted = ({ classes: [best] }: Prediction): string => `${best!.label} ${best!.score.toFixed(2)}`
