import { ModelsDir } from '../../models/files/models-dir.ts'
import { measureDetector, type DetectorScores } from '../eval/measure-detector.ts'
import { writeOutput } from '../files.ts'
import type { Io } from '../io.ts'
import { announceDetector } from './announce.ts'
import { DetectionScorer } from './detection-score.ts'
import { ownCommand, removeState, sayFinished, sayInterrupted, trainingFacts } from './ending.ts'
import type { TrainOptions } from './options.ts'
import { alone } from './output-files.ts'
import { prepareDetector, type PreparedDetector } from './prepare-detector.ts'
import { JsonProgress, measureTexts, TextProgress } from './progress.ts'
import { detectionReport } from './report/detection-report.ts'
import { runTraining, type RunRecord } from './run-training.ts'
import { saveModel } from './save-model.ts'

/**
 * Trains a detector.
 * @returns the exit code
 * @throws CommandError naming what can't be used, before anything is written
 */
export async function trainDetector (options: TrainOptions, io: Io): Promise<number> {
  const prepared = await prepareDetector(options, io)
  const { files, spec, settings, data } = prepared
  const progress = options.json ? new JsonProgress(io) : new TextProgress(io)
  announceDetector(prepared, progress, io)
  const exitCode = await alone(files, async () => {
    const record = await runTraining({ spec, settings, files, resume: options.resume, scorer: new DetectionScorer(data.truth), progress })
    if (record.exitCode === undefined) await finish(prepared, record, io)
    return record.exitCode
  })
  if (exitCode !== undefined) sayInterrupted(io, options, files)
  return exitCode ?? 0
}

/** Writes the model and the report. */
async function finish (prepared: PreparedDetector, record: RunRecord, io: Io): Promise<void> {
  const { options, files, base, settings, data } = prepared
  const { result, epochs } = record
  const measures = epochs[result.epoch]?.measures ?? {}
  const training = trainingFacts(options, base.origin, settings, result.epoch, measures)
  await saveModel(files, { kind: 'detector', config: base.config }, result.stateDict, training)
  await removeState(files)
  if (options.report !== undefined) await writeOutput(options.report, await report(prepared, record, io))
  const request = `detect?model=${encodeURIComponent(files.name)}`
  sayFinished(io, { options, files, result, measures, validated: data.validation.length, request })
}

async function report (prepared: PreparedDetector, { result, steps, epochs }: RunRecord, io: Io): Promise<string> {
  const { options, files, base, data, folder, warnings, settings } = prepared
  const { width, height } = base.config.input
  const facts = [
    ['from', base.origin],
    ['input', `${width}×${height}`],
    ['photos', `${data.train.length} to train, ${data.validation.length} to validate`],
    ['settings', `batches of ${settings.batch}, learning rate ${settings.learningRate}, seed ${options.seed}`],
    ['kept', [`epoch ${result.epoch + 1} of ${result.history.length}`, ...measureTexts(epochs[result.epoch]?.measures ?? {})].join(', ')]
  ] as const
  const scores = data.validation.length > 0 ? await measure(prepared, io) : undefined
  return await detectionReport({ model: files.name, command: ownCommand(options), facts, warnings, data, steps, epochs, scores, folder })
}

/** The written model on the validation photos, as `nanodet eval` measures it. */
async function measure ({ files, data, folder }: PreparedDetector, io: Io): Promise<DetectorScores> {
  const artifact = await new ModelsDir(files.folder).find(files.name)
  return await measureDetector(artifact, { ...data.truth, notes: [] }, folder, io)
}
