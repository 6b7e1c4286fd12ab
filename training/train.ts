import { TrainingError } from './errors.ts'
import { PHOTO_CACHE_BYTES } from './memory.ts'
import { Team, type TeamOptions } from './processes/team.ts'
import { Run, type Position } from './run.ts'
import type { StateFile, TrainingHooks, TrainingResult, TrainingSettings } from './settings.ts'
import type { TrainingSpec } from './spec.ts'
import { fingerprintOf } from './state/fingerprint.ts'
import { readState, writeState } from './state/state-file.ts'

/**
 * Trains a network. The result depends on the spec and the settings alone: not on the number of workers, and not on how often the run
 * was interrupted, or killed, and resumed from its state file, which is written after each epoch.
 * @throws TrainingError
 */
export async function train (
  spec: TrainingSpec, settings: TrainingSettings, stateFile: StateFile, hooks: TrainingHooks, program?: TeamOptions['program']
): Promise<TrainingResult> {
  check(spec, settings)
  const fingerprint = fingerprintOf(spec, settings)
  const saved = stateFile.resume ? await readState<Position>(stateFile.path, fingerprint) : undefined
  const team = await Team.start(spec, { workers: settings.workers, cacheBytes: PHOTO_CACHE_BYTES, ...(program && { program }) })
  try {
    const run = new Run(spec, settings, team)
    if (saved) run.restore(saved)
    const save = async (): Promise<void> => await writeState(stateFile.path, fingerprint, run.saved)
    const ending = await finish(run, spec, team, save, hooks)
    return { ...run.result, ending }
  } finally {
    await team.close()
  }
}

/** Runs until the end, or until it is interrupted. */
async function finish (
  run: Run, { validation }: TrainingSpec, team: Team, save: () => Promise<void>, hooks: TrainingHooks
): Promise<TrainingResult['ending']> {
  const { onStep, onEpoch, signal } = hooks
  while (run.position.ending === null) {
    const started = performance.now()
    while (!run.isEpochComplete) {
      if (signal?.aborted) {
        await save()
        return 'interrupted'
      }
      const report = await run.step() // also without anyone to report it to
      onStep?.(report)
    }
    const reached = validation.length > 0 ? await hooks.score(await team.predict(run.averaged)) : undefined
    const report = run.endEpoch(reached, (performance.now() - started) / 1000, reached === undefined ? undefined : hooks.measures)
    await save()
    onEpoch?.(report)
  }
  return run.position.ending
}

function check ({ examples, microBatch, trained }: TrainingSpec, { batch, epochs, workers }: TrainingSettings): void {
  const problems = [
    [examples.length === 0, 'there is nothing to learn from: the training set has no photos'],
    [trained.length === 0, 'there is nothing to train: all parameters are frozen'],
    [batch % microBatch !== 0 || batch < 1, `a batch of ${batch} photos is not a multiple of the ${microBatch} photos of one run`],
    [epochs < 1, 'the number of epochs must be at least 1'],
    [workers < 1, 'the number of workers must be at least 1']
  ] as const
  const [, problem] = problems.find(([isWrong]) => isWrong) ?? []
  if (problem !== undefined) throw new TrainingError('UNUSABLE_SETTINGS', problem)
}
