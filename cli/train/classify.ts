import { relative } from 'node:path'
import { ModelsDir } from '../../models/files/models-dir.ts'
import { measureClassifier, type ClassifierScores } from '../eval/measure-classifier.ts'
import { writeOutput } from '../files.ts'
import type { Io } from '../io.ts'
import { announceClassifier } from './announce.ts'
import { ClassScorer } from './class-scorer.ts'
import { ownCommand, removeState, sayFinished, sayInterrupted, trainingFacts } from './ending.ts'
import type { TrainOptions } from './options.ts'
import { alone } from './output-files.ts'
import { prepareClassifier, type PreparedClassifier } from './prepare-classifier.ts'
import { JsonProgress, measureTexts, TextProgress } from './progress.ts'
import { classificationReport } from './report/classification-report.ts'
import { runTraining, type RunRecord } from './run-training.ts'
import { saveModel } from './save-model.ts'

/**
 * Trains a classifier.
 * @returns the exit code
 * @throws CommandError naming what can't be used, before anything is written
 */
export async function trainClassifier (options: TrainOptions, io: Io): Promise<number> {
  const prepared = await prepareClassifier(options, io)
  const { files, spec, settings, data } = prepared
  const progress = options.json ? new JsonProgress(io) : new TextProgress(io)
  announceClassifier(prepared, progress, io)
  const exitCode = await alone(files, async () => {
    const record = await runTraining({ spec, settings, files, resume: options.resume, scorer: new ClassScorer(data.validation), progress })
    if (record.exitCode === undefined) await finish(prepared, record, io)
    return record.exitCode
  })
  if (exitCode !== undefined) sayInterrupted(io, options, files)
  return exitCode ?? 0
}

/** Writes the model and the report. */
async function finish (prepared: PreparedClassifier, record: RunRecord, io: Io): Promise<void> {
  const { options, files, base, settings, data } = prepared
  const { result, epochs } = record
  const measures = epochs[result.epoch]?.measures ?? {}
  const training = trainingFacts(options, base.origin, settings, result.epoch, measures)
  await saveModel(files, { kind: 'classifier', config: base.config }, result.stateDict, training)
  await removeState(files)
  if (options.report !== undefined) await writeOutput(options.report, await report(prepared, record, io))
  const request = `classify?model=${encodeURIComponent(files.name)}`
  sayFinished(io, { options, files, result, measures, validated: data.validation.length, request })
}

async function report (prepared: PreparedClassifier, { result, steps, epochs }: RunRecord, io: Io): Promise<string> {
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
  const command = ownCommand(options)
  return await classificationReport({ model: files.name, command, facts, warnings, data, steps, epochs, scores, folder })
}

/** The written model on the validation photos, as `nanodet eval` measures it. */
async function measure ({ files, data, folder }: PreparedClassifier, io: Io): Promise<ClassifierScores> {
  const artifact = await new ModelsDir(files.folder).find(files.name)
  const images = data.validation.map(({ path, label }) => ({ file: relative(folder, path), classId: label }))
  return await measureClassifier(artifact, { images, notes: [] }, folder, io)
}
