import { GradientError } from '../../nn/errors.ts'
import { TrainingError } from '../../training/errors.ts'
import type { Found, StepReport, TrainingResult, TrainingSettings } from '../../training/settings.ts'
import type { TrainingSpec } from '../../training/spec.ts'
import { train } from '../../training/train.ts'
import { CommandError } from '../errors.ts'
import { Interruption } from '../interruption.ts'
import type { OutputFiles } from './output-files.ts'
import type { Measures, Progress } from './progress.ts'

/** Scores what is found on the validation photos. */
export interface Scorer {
  /** All that the last call of `score` measured. */
  readonly measures: Measures
  score (found: readonly Found[]): number
}

/** An epoch, with what validation measured. */
export interface EpochRecord { readonly report: TrainingResult['history'][number], readonly measures: Measures }

export interface RunParts {
  readonly spec: TrainingSpec
  readonly settings: TrainingSettings
  readonly files: OutputFiles
  readonly resume: boolean
  readonly scorer: Scorer
  readonly progress: Progress
}

/** How a run ended. */
export interface RunRecord {
  readonly result: TrainingResult
  /** Of this process: without those before a run was resumed. */
  readonly steps: readonly StepReport[]
  readonly epochs: readonly EpochRecord[]
  /** If a signal interrupted it. */
  readonly exitCode: number | undefined
}

/**
 * Trains, shows the progress, and saves the state when a signal arrives.
 * @throws CommandError naming what stopped the run
 */
export async function runTraining ({ spec, settings, files, resume, scorer, progress }: RunParts): Promise<RunRecord> {
  const interruption = new Interruption(() => progress.note('Stopping after this step; again to stop at once'))
  const steps: StepReport[] = []
  const hooks: Parameters<typeof train>[3] = {
    signal: interruption.signal,
    score: found => scorer.score(found),
    get measures () { return scorer.measures },
    onStep: report => {
      steps.push(report)
      progress.onStep(report)
    },
    onEpoch: report => progress.onEpoch(report, report.measures ?? {})
  }
  try {
    const result = await train(spec, settings, { path: files.state, resume }, hooks).catch(error => { throw runError(error) })
    const epochs = result.history.map(report => ({ report, measures: report.measures ?? {} }))
    return { result, steps, epochs, exitCode: result.ending === 'interrupted' ? interruption.exitCode : undefined }
  } finally {
    interruption.end()
    progress.stop()
  }
}

/** An error of the run as one line. */
const runError = (error: unknown): unknown =>
  error instanceof TrainingError || error instanceof GradientError ? new CommandError(error.message, { cause: error }) : error
