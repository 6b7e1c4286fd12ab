/** A classifier's scores as text, JSON and files. */
import { counted } from '../../engine/numbers.ts'
import { textTable } from '../text-table.ts'
import { confusionSvg } from './confusion-plot.ts'
import { confusionCsv, toCsv } from './csv.ts'
import { isHit, type ClassifierScores, type Prediction } from './measure-classifier.ts'
import { duration } from './problems.ts'

const SHOWN_CLASSES = 20
const SHEET_IMAGES = 64
const CLASS_COLUMNS = ['class', 'images', 'top1', 'top5'] as const

/** The output of --json. */
export function classifierJson (scores: ClassifierScores) {
  const { model, predictions, seconds, top1, top5, classes, notes, confusion } = scores
  return {
    model,
    images: predictions.length,
    seconds,
    ms_per_image: seconds * 1000 / predictions.length,
    top1,
    top5,
    classes: classes.map(({ label, images, top1, top5 }) => ({ class: label, images, top1, top5 })),
    notes,
    confusion
  }
}

/** The files of --out by name. @param folder the images' */
export async function classifierFiles (
  scores: ClassifierScores, folder: string
): Promise<Record<string, string | Buffer>> {
  const { model, labels, confusion, predictions } = scores
  const rows = predictions.map(({ file, classId, classes: [best] }) =>
    [file, labels[classId]!, best!.label, best!.score.toFixed(4)])
  return {
    'metrics.json': `${JSON.stringify(classifierJson(scores), null, 2)}\n`,
    'per-class.csv': toCsv(CLASS_COLUMNS, classifierJson(scores).classes.map(row => Object.values(row))),
    'predictions.csv': toCsv(['file', 'true', 'predicted', 'score'], rows),
    'confusion.csv': confusionCsv(confusion),
    'confusion.svg': confusionSvg(model, confusion),
    'predictions.jpg': await sheet(scores, folder)
  }
}

async function sheet ({ model, labels, predictions, top1 }: ClassifierScores, folder: string): Promise<Buffer> {
  const { predictionSheet } = await import('./prediction-sheet.ts') // loads sharp
  const shown = mistakesFirst(predictions).slice(0, SHEET_IMAGES)
  const of = `${model}: top-1 ${top1.toFixed(4)} over ${counted(predictions.length, 'image')}`
  const title = `${of}; mistakes first, most confident first`
  return await predictionSheet(folder, shown, labels, title)
}

/** Mistakes by falling score, then hits by rising score. */
function mistakesFirst (predictions: readonly Prediction[]): Prediction[] {
  const score = ({ classes }: Prediction): number => classes[0]!.score
  return [
    ...predictions.filter(one => !isHit(one)).sort((a, b) => score(b) - score(a)),
    ...predictions.filter(isHit).sort((a, b) => score(a) - score(b))
  ]
}

/** The text output. */
export function classifierText (scores: ClassifierScores): string {
  const { model, predictions, seconds, top1, top5, classes, notes } = scores
  const images = predictions.length
  const rows = classes.toSorted((a, b) => a.top1 - b.top1).slice(0, SHOWN_CLASSES)
    .map(({ label, images, top1, top5 }) => [label, String(images), top1.toFixed(4), top5.toFixed(4)])
  const rest = classes.length - rows.length
  return [
    duration(model, images, seconds),
    `top-1 accuracy ${top1.toFixed(4)}, top-5 accuracy ${top5.toFixed(4)}`,
    textTable({ class: 'left', images: 'right', 'top-1': 'right', 'top-5': 'right' }, rows),
    ...rest > 0 ? [`${rest} more classes have a higher top-1: --out DIR writes all to DIR/per-class.csv`] : [],
    ...notes,
    ''
  ].join('\n')
}
