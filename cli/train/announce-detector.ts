import { counted } from '../../engine/numbers.ts'
import { estimateMemory } from '../../training/memory.ts'
import type { Io } from '../io.ts'
import { classCounts, classTable } from './data-summary.ts'
import type { PreparedDetector } from './prepare-detector.ts'
import { VALIDATION_SHARE } from './prepare-detector.ts'
import { writeJson, type Progress } from './progress.ts'

const MEGABYTE = 1e6

/** States the data, the model and the memory before a run: lines for people, or an object with --json. */
export function announceDetector (prepared: PreparedDetector, progress: Progress, io: Io): void {
  const { options, data, warnings, spec, settings } = prepared
  const memory = estimateMemory(spec, settings).total
  if (options.json) return writeJson(io, startJson(prepared, memory))
  for (const line of lines(prepared, memory)) progress.note(line)
  progress.note(classTable(data))
  for (const warning of warnings) progress.note(`Warning: ${warning}`)
}

function lines ({ options, data, base, spec, settings }: PreparedDetector, memory: number): string[] {
  const { config: { input: { width, height } }, origin, initial } = base
  const { batch, workers, epochs } = settings
  const { valImages, valAnnotations, valShare = VALIDATION_SHARE, seed } = options
  const split = valImages ?? valAnnotations ?? `a share of ${valShare}, by seed ${seed}`
  return [
    `${counted(data.train.length, 'photo')} to train, ${data.validation.length} to validate (${split})`,
    `From ${origin}: ${spec.trained.length} of ${initial.parameters.size} tensors are trained, at most ${counted(epochs, 'epoch')}`,
    `≈ ${Math.round(memory / MEGABYTE)} MB for batches of ${batch} at ${width}×${height}, with ${counted(workers, 'worker')}`
  ]
}

function startJson ({ files, data, warnings, base, spec, settings }: PreparedDetector, memory: number): object {
  const { labels, train, validation } = data
  const [learned, measured] = [classCounts(train, labels), classCounts(validation, labels)]
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
