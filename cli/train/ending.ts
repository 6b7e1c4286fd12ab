/** What a run says at its end. */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { TrainingResult, TrainingSettings } from '../../training/settings.ts'
import type { Io } from '../io.ts'
import { commandLine } from './command-line.ts'
import { TRAIN_OPTIONS, type TrainOptions } from './options.ts'
import type { OutputFiles } from './output-files.ts'
import { measureTexts, writeJson, type Measures } from './progress.ts'

const ENDINGS = { finished: 'all epochs', early: 'no better score for a while', interrupted: 'interrupted' } as const

/** The command that made a run. */
export const ownCommand = (options: TrainOptions): string => commandLine('train', TRAIN_OPTIONS, { ...options })

/**
 * How a model was trained, for the metadata of its weights: only what they depend on, so that equal weights make equal files.
 * @param from where the first weights were from
 */
export function trainingFacts (
  options: TrainOptions, from: string, { workers, ...settings }: TrainingSettings, epoch: number, measures: Measures
): object {
  const command = ownCommand({ ...options, workers: undefined, report: undefined, resume: false, force: false, json: false, quiet: false })
  return { command, from, settings, epoch: epoch + 1, ...measures }
}

/** The command that continues a run. */
export const resumeCommand = (options: TrainOptions): string => ownCommand({ ...options, resume: true, force: false })

export interface Finished {
  readonly options: TrainOptions
  readonly files: OutputFiles
  readonly result: TrainingResult
  /** Of the epoch whose weights are kept. */
  readonly measures: Measures
  /** Photos that were measured. */
  readonly validated: number
  /** `detect?model=street`: the request that the model answers. */
  readonly request: string
}

/** Names the files, what was measured, and how to serve the model. */
export function sayFinished (io: Io, { options, files, result, measures, validated, request }: Finished): void {
  const { json, report } = options
  const { epoch, ending, history } = result
  const paths = [files.weights, files.config]
  if (json) return writeJson(io, { event: 'result', model: files.name, ending, epoch: epoch + 1, epochs: history.length, ...measures, files: paths, ...report !== undefined && { report } })
  const accuracy = validated > 0 ? `: ${measureTexts(measures).join(', ')} on ${validated} photos that it was not trained on` : ''
  io.stdout.write([
    `${files.name}${accuracy} (epoch ${epoch + 1} of ${history.length}; ${ENDINGS[ending]})`,
    ...paths,
    ...report === undefined ? [] : [report],
    `Serve it: MODELS_DIR=${files.folder} nanodet serve`,
    `Use it: curl --data-binary @photo.jpg 'localhost:8080/${request}'`,
    ''
  ].join('\n'))
}

/** Says how to continue an interrupted run. */
export function sayInterrupted (io: Io, options: TrainOptions, files: OutputFiles): void {
  if (options.json) writeJson(io, { event: 'result', model: files.name, ending: 'interrupted', state: files.state, resume: resumeCommand(options) })
  else io.stderr.write(`Interrupted; the state is saved. To continue:\n  ${resumeCommand(options)}\n`)
}

/** Removes the state of a run that is done. */
export async function removeState ({ folder, state, name }: OutputFiles): Promise<void> {
  await rm(state, { force: true })
  await rm(join(folder, `.${name}.training.partial`), { force: true })
}
