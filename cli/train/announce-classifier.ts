import { counted } from '../../engine/numbers.ts'
import { estimateMemory } from '../../training/memory.ts'
import type { Io } from '../io.ts'
import { textTable } from '../text-table.ts'
import { photosByClass, VALIDATION_SHARE } from './class-data.ts'
import type { PreparedClassifier } from './prepare-classifier.ts'
import { writeJson, type Progress } from './progress.ts'

const MEGABYTE = 1e6
const SHOWN_CLASSES = 20

/** States the data, the model and the memory before a run: lines for people, or an object with --json. */
export function announceClassifier (prepared: PreparedClassifier, progress: Progress, io: Io): void {
  const { options, data, warnings, spec, settings } = prepared
  const memory = estimateMemory(spec, settings).total
  if (options.json) return writeJson(io, startJson(prepared, memory))
  for (const line of linesOf(prepared, memory)) progress.note(line)
  progress.note(classTable(data))
  for (const warning of warnings) progress.note(`Warning: ${warning}`)
}

function linesOf ({ options, data, base, spec, settings }: PreparedClassifier, memory: number): string[] {
  const { config: { input: { width, height } }, origin, initial } = base
  const { batch, workers, epochs } = settings
  const { valImages, valAnnotations, valShare = VALIDATION_SHARE, seed } = options
  const split = valImages ?? valAnnotations ?? `a share of ${valShare} of each class, by seed ${seed}`
  return [
    `${counted(data.train.length, 'photo')} to train, ${data.validation.length} to validate (${split})`,
    `From ${origin}: ${spec.trained.length} of ${initial.parameters.size} tensors are trained, at most ${counted(epochs, 'epoch')}`,
    `≈ ${Math.round(memory / MEGABYTE)} MB for batches of ${batch} at ${width}×${height}, with ${counted(workers, 'worker')}`
  ]
}

/** A table of classes and their photos. */
function classTable ({ labels, train, validation }: PreparedClassifier['data']): string {
  const [learned, measured] = [photosByClass(train, labels), photosByClass(validation, labels)]
  const most = [...labels.keys()].sort((a, b) => learned[b]! - learned[a]!)
  const rows = most.slice(0, SHOWN_CLASSES).map(i => [labels[i]!, String(learned[i]), String(measured[i])])
  const table = textTable({ class: 'left', 'to train': 'right', 'to validate': 'right' }, rows)
  return most.length > rows.length ? `${table}\n${most.length - rows.length} more classes have fewer photos` : table
}

function startJson ({ files, data, warnings, base, spec, settings }: PreparedClassifier, memory: number): object {
  const { labels, train, validation } = data
  const [learned, measured] = [photosByClass(train, labels), photosByClass(validation, labels)]
  return {
    event: 'start',
    model: files.name,
    from: base.origin,
    photos: { train: train.length, validation: validation.length },
    classes: labels.map((label, i) => ({ class: label, train: learned[i], validation: measured[i] })),
    warnings,
    input: base.config.input,
    trained: spec.trained,
    seed: spec.seed,
    settings,
    memory_bytes: memory
  }
}
