import { counted } from '../../../engine/numbers.ts'
import { random, shuffled } from '../../../training/random.ts'
import type { StepReport } from '../../../training/settings.ts'
import { confusionSvg } from '../../eval/confusion-plot.ts'
import type { ClassifierScores } from '../../eval/measure-classifier.ts'
import { photosByClass, type ClassData } from '../class-data.ts'
import type { EpochRecord } from '../run-training.ts'
import { figure, list, page, preformatted, row, section, table } from './page.ts'
import { trainingCurves } from './training-curves.ts'

const SHEET_PHOTOS = 16

/** What a report is made of. */
export interface ClassificationReport {
  readonly model: string
  /** As a shell takes it. */
  readonly command: string
  readonly facts: ReadonlyArray<readonly [name: string, value: string]>
  readonly warnings: readonly string[]
  readonly data: ClassData
  readonly steps: readonly StepReport[]
  readonly epochs: readonly EpochRecord[]
  /** Of the written model on the validation photos; undefined without any. */
  readonly scores: ClassifierScores | undefined
  /** The folder of the validation photos. */
  readonly folder: string
}

/** The report of a run as an HTML page. @throws CommandError naming a photo that can't be read anymore */
export async function classificationReport (run: ClassificationReport): Promise<string> {
  const { model, command, facts, warnings, data, steps, epochs, scores, folder } = run
  return page(`${model}: training`, [
    preformatted(command),
    table(['', ''], facts),
    section('Data', [dataTable(data), list(warnings)]),
    section('Curves', [row(trainingCurves(steps, epochs))]),
    ...scores ? await accuracy(scores, folder) : []
  ])
}

function dataTable ({ labels, train, validation }: ClassData): string {
  const [learned, measured] = [photosByClass(train, labels), photosByClass(validation, labels)]
  return table(['class', 'photos to train', 'photos to validate'], labels.map((name, i) => [name, learned[i]!, measured[i]!]))
}

async function accuracy (scores: ClassifierScores, folder: string): Promise<string[]> {
  const { confusion, classes } = scores
  const rows = classes.map(({ label, images, top1, top5 }) => [label, images, top1, top5])
  return [
    section('Classes', [confusionSvg('Confusion', confusion), table(['class', 'photos', 'top-1', 'top-5'], rows)]),
    section('Predictions', [figure('Green: right. Red: wrong, with the true class below.', await sheetOf(scores, folder))])
  ]
}

/** A JPEG of random photos, each with its predicted class and, if it differs, its true class. */
async function sheetOf ({ model, predictions, labels, top1 }: ClassifierScores, folder: string): Promise<Buffer> {
  const { predictionSheet } = await import('../../eval/prediction-sheet.ts') // loads sharp
  const shown = shuffled(predictions, random('sheet')).slice(0, SHEET_PHOTOS)
  return await predictionSheet(folder, shown, labels, `${model}: top-1 ${top1.toFixed(3)} over ${counted(predictions.length, 'photo')}`)
}
