import { CONFUSION_THRESHOLDS, type DetectorScores } from '../../eval/measure-detector.ts'
import { confusionSvg } from '../../eval/confusion-plot.ts'
import { precisionRecallSvg } from '../../eval/precision-recall-plot.ts'
import type { StepReport } from '../../../training/settings.ts'
import { classCounts } from '../data-summary.ts'
import type { DetectionData } from '../detection-data.ts'
import { list, page, pairs, paragraph, preformatted, row, section, table } from './page.ts'
import { missPictures, truthAndFound } from './pictures.ts'
import { trainingCurves } from './training-curves.ts'
import type { EpochRecord } from '../run-training.ts'

/** What a report is made of. */
export interface DetectionRun {
  readonly model: string
  /** As a shell takes it. */
  readonly command: string
  readonly facts: ReadonlyArray<readonly [name: string, value: string]>
  readonly warnings: readonly string[]
  readonly data: DetectionData
  readonly steps: readonly StepReport[]
  readonly epochs: readonly EpochRecord[]
  /** Of the written model on the validation photos; undefined without any. */
  readonly scores: DetectorScores | undefined
  /** The folder of the validation photos. */
  readonly folder: string
}

/** The report of a run as an HTML page. @throws CommandError naming a photo that can't be read anymore */
export async function detectionReport (run: DetectionRun): Promise<string> {
  const { model, command, facts, data, steps, epochs, scores, warnings } = run
  return page(`${model}: training`, [
    preformatted(command),
    table(['', ''], facts),
    section('Data', [dataTable(data), list(warnings)]),
    section('Curves', [row(trainingCurves(steps, epochs))]),
    ...scores ? await accuracy(run, scores) : []
  ])
}

function dataTable ({ labels, train, validation }: DetectionData): string {
  const [learned, measured] = [classCounts(train, labels), classCounts(validation, labels)]
  return table(['class', 'objects to train', 'objects to validate'], labels.map((name, i) => [name, learned[i]!, measured[i]!]))
}

async function accuracy ({ model, folder, data: { truth } }: DetectionRun, scores: DetectorScores): Promise<string[]> {
  const { categories, confusion, results } = scores
  const { score, iou } = CONFUSION_THRESHOLDS
  const validated = { folder, truth, results, thresholds: CONFUSION_THRESHOLDS }
  const rows = categories.map(({ category: { name }, objects, AP, AP50, AP75 }) => [name, objects, AP, AP50, AP75])
  const misses = await missPictures(validated)
  return [
    section('Classes', [
      row([precisionRecallSvg(model, categories), confusionSvg(`Confusion: scores above ${score}, IoU of at least ${iou}`, confusion)]),
      table(['class', 'objects', 'AP', 'AP50', 'AP75'], rows)
    ]),
    section('Validation photos', [paragraph(`Left: the annotations. Right: what the model finds with scores above ${score}.`), pairs(await truthAndFound(validated))]),
    section('Worst misses', misses.length === 0
      ? [paragraph('None: the model finds every object, and nothing else.')]
      : [paragraph('Green boxes, labeled “missed”, are objects that the model did not find. Red boxes, with a score, match no object of their class.'), row(misses)])
  ]
}
