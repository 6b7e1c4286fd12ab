import type { Photo } from '../cli/load/photos.ts'
import { aboutFile, MAX_PIXELS } from '../cli/run-model.ts'
import { median } from '../engine/numbers.ts'
import { DEFAULT_OPTIONS } from '../engine/options.ts'
import { Session } from '../engine/session.ts'
import { Steps } from '../engine/steps.ts'
import { compileModel } from '../models/kinds/kinds.ts'
import type { DetectorModel } from '../models/model.ts'
import { OUTPUT_NAME } from '../models/tensor-names.ts'

/** Cost of a stage, in milliseconds. */
export interface StageCost {
  /** The median of all runs. */
  readonly ms: number
  /** Processor time of all threads, mean per photo. */
  readonly cpu_ms: number
}

/** Cost of a photo without server, queue and workers. Names are those of the JSON report. */
export interface Stages {
  /** Decode and warp. */
  readonly preprocess: StageCost
  /** session.run. */
  readonly run: StageCost
  /** Predictions → boxes. */
  readonly postprocess: StageCost
  /** Preprocess and run. */
  readonly bare: StageCost
}

const STAGES = ['preprocess', 'run', 'postprocess'] as const
const WARM_UP_ROUNDS = 2

type Lap = Readonly<Record<typeof STAGES[number], Sample>>
interface Sample { readonly ms: number, readonly cpuMs: number }

export interface Extent {
  /** Threads that share one run of the network. */
  readonly threads: number
  /** Runs per photo. */
  readonly rounds: number
}

/**
 * Times the stages one after another, on this thread.
 * @throws CommandError naming the photo that can't be decoded
 */
export async function measureStages (model: DetectorModel, photos: readonly Photo[], { threads, rounds }: Extent): Promise<Stages> {
  const steps = new Steps(model.config)
  const session = await Session.create(compileModel(model), threads)
  const laps: Lap[] = []
  for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
    for (const photo of photos) {
      const lap = await aboutFile(photo.path, timePhoto(photo, steps, session))
      if (round >= 0) laps.push(lap)
    }
  }
  await session.release()
  return summarize(laps)
}

async function timePhoto ({ bytes }: Photo, steps: Steps, session: Session): Promise<Lap> {
  const preprocess = await timed(() => steps.preprocess({ bytes, maxPixels: MAX_PIXELS }))
  const run = await timed(() => session.run(preprocess.value.picture))
  const postprocess = await timed(async () => steps.postprocess(run.value[OUTPUT_NAME]!.data, preprocess.value, DEFAULT_OPTIONS))
  return { preprocess, run, postprocess }
}

async function timed<T> (work: () => Promise<T>): Promise<Sample & { value: T }> {
  const cpuBefore = process.cpuUsage()
  const start = performance.now()
  const value = await work()
  const ms = performance.now() - start
  const { user, system } = process.cpuUsage(cpuBefore)
  return { value, ms, cpuMs: (user + system) / 1000 }
}

function summarize (laps: readonly Lap[]): Stages {
  const [preprocess, run, postprocess] = STAGES.map(stage => costOf(laps.map(lap => lap[stage]))) as [StageCost, StageCost, StageCost]
  const bare = costOf(laps.map(lap => ({ ms: lap.preprocess.ms + lap.run.ms, cpuMs: lap.preprocess.cpuMs + lap.run.cpuMs })))
  return { preprocess, run, postprocess, bare }
}

const costOf = (samples: readonly Sample[]): StageCost =>
  ({ ms: median(samples.map(({ ms }) => ms)), cpu_ms: samples.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / samples.length })
