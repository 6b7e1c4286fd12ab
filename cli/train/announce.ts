/** States the data, the model and the memory before a run: lines for people, or an object with --json. */
import { counted } from '../../engine/numbers.ts'
import { estimateMemory } from '../../training/memory.ts'
import type { Io } from '../io.ts'
import { textTable } from '../text-table.ts'
import { photosByClass } from './class-data.ts'
import { classCounts } from './data-summary.ts'
import { VALIDATION_SHARE } from './options.ts'
import type { PreparedClassifier } from './prepare-classifier.ts'
import type { PreparedDetector } from './prepare-detector.ts'
import { writeJson, type Progress } from './progress.ts'

const MEGABYTE = 1e6
const SHOWN_CLASSES = 20

type Prepared = PreparedDetector | PreparedClassifier

/** What classes have in each set, in the order of the labels. */
interface Counts { readonly train: readonly number[], readonly validation: readonly number[] }

export function announceDetector (prepared: PreparedDetector, progress: Progress, io: Io): void {
  const { data: { labels, train, validation } } = prepared
  announce(prepared, { train: classCounts(train, labels), validation: classCounts(validation, labels) }, 'objects', progress, io)
}

export function announceClassifier (prepared: PreparedClassifier, progress: Progress, io: Io): void {
  const { data: { labels, train, validation } } = prepared
  announce(prepared, { train: photosByClass(train, labels), validation: photosByClass(validation, labels) }, 'photos', progress, io)
}

function announce (prepared: Prepared, counts: Counts, what: 'objects' | 'photos', progress: Progress, io: Io): void {
  const { options, data, warnings, spec, settings } = prepared
  const memory = estimateMemory(spec, settings).total
  if (options.json) return writeJson(io, startJson(prepared, counts, memory))
  for (const line of lines(prepared, what, memory)) progress.note(line)
  progress.note(classTable(data.labels, counts, what))
  for (const warning of warnings) progress.note(`Warning: ${warning}`)
}

function lines ({ options, data, base, spec, settings }: Prepared, what: string, memory: number): string[] {
  const { config: { input: { width, height } }, origin, initial } = base
  const { batch, workers, epochs } = settings
  const { valImages, valAnnotations, valShare = VALIDATION_SHARE, seed } = options
  const share = `a share of ${valShare}${what === 'photos' ? ' of each class' : ''}, by seed ${seed}`
  return [
    `${counted(data.train.length, 'photo')} to train, ${data.validation.length} to validate (${valImages ?? valAnnotations ?? share})`,
    `From ${origin}: ${spec.trained.length} of ${initial.parameters.size} tensors are trained, at most ${counted(epochs, 'epoch')}`,
    `≈ ${Math.round(memory / MEGABYTE)} MB for batches of ${batch} at ${width}×${height}, with ${counted(workers, 'worker')}`
  ]
}

/** A table of the classes that have the most to train on. */
function classTable (labels: readonly string[], { train, validation }: Counts, what: string): string {
  const most = [...labels.keys()].sort((a, b) => train[b]! - train[a]!)
  const rows = most.slice(0, SHOWN_CLASSES).map(i => [labels[i]!, String(train[i]), String(validation[i])])
  const table = textTable({ class: 'left', 'to train': 'right', 'to validate': 'right' }, rows)
  return most.length > rows.length ? `${table}\n${most.length - rows.length} more classes have fewer ${what}` : table
}

function startJson ({ files, data, warnings, base, spec, settings }: Prepared, counts: Counts, memory: number): object {
  return {
    event: 'start',
    model: files.name,
    from: base.origin,
    photos: { train: data.train.length, validation: data.validation.length },
    classes: data.labels.map((label, i) => ({ class: label, train: counts.train[i], validation: counts.validation[i] })),
    warnings,
    input: base.config.input,
    trained: spec.trained,
    seed: spec.seed,
    settings,
    memory_bytes: memory
  }
}
