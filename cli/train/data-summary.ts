/** What the data has, and what makes it hard. */
import { counted } from '../../engine/numbers.ts'
import type { Size } from '../../head/decode/boxes.ts'
import type { DetectionExample, TruthBox } from '../../training/spec.ts'
import { firstOf } from '../eval/problems.ts'
import type { DetectionData } from './detection-data.ts'

/** Boxes that a class needs to be learned well enough to be measured. */
const FEW = 10
/** Pixels at the finest stride: smaller objects have hardly a cell of their own. */
const SMALL = 8

/** Objects of each class, in the order of the labels. */
export function classCounts (examples: readonly DetectionExample[], labels: readonly string[]): number[] {
  const counts = labels.map(() => 0)
  for (const { label } of examples.flatMap(({ objects }) => objects)) counts[label]!++
  return counts
}

/** What makes the data hard to learn or to measure, a line each. @param input of the network */
export function hardships ({ labels, train, validation, sizes }: DetectionData, input: Size): string[] {
  const [learned, measured] = [classCounts(train, labels), classCounts(validation, labels)]
  const named = (isMeant: (i: number) => boolean): string[] => labels.filter((_, i) => isMeant(i))
  const small = train.flatMap(({ objects }, i) => objects.filter(({ box }) => sideAt(box, sizes[i]!, input) < SMALL)).length
  const all = learned.reduce((a, b) => a + b, 0)
  const lines: ReadonlyArray<readonly [names: readonly string[], rest: string]> = [
    [named(i => learned[i] === 0), 'without objects to train on'],
    [named(i => learned[i]! > 0 && learned[i]! < FEW), `with fewer than ${FEW} objects to train on`],
    [validation.length === 0 ? [] : named(i => learned[i]! > 0 && measured[i] === 0), 'without objects to validate on: they do not count in AP']
  ]
  return [
    ...lines.filter(([names]) => names.length > 0).map(([names, rest]) => `${names.length === 1 ? '1 class' : `${names.length} classes`} ${rest}: ${firstOf(names)}`),
    ...small > 0 ? [`${small} of ${counted(all, 'object')} smaller than ${SMALL} pixels in an input of ${input.width}×${input.height}: a larger --size finds them better`] : []
  ]
}

/** Geometric mean of a box's sides in the network's input. */
function sideAt ([x1, y1, x2, y2]: TruthBox['box'], { width, height }: Size, input: Size): number {
  return Math.sqrt((x2 - x1) * (y2 - y1)) * Math.min(input.width / width, input.height / height)
}
