import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DetectorConfig } from '../../models/config.ts'
import { Session, type Picture } from '../session.ts'
import { stopwatch } from '../steps.ts'
import { pictureOf } from '../tensor-input.ts'
import { readRuns, type OperatorTime } from './events.ts'
import { layersOfNodes, ownLayers } from './node-layers.ts'
import { reportOf, type ProfileInput, type ProfileOutput } from './report.ts'

/** The first runs are slow: memory is allocated. */
const WARM_UPS = 3
/** Milliseconds after which no further run starts, once one is measured. */
const TIME_LIMIT = 2000

/** A compiled detector. */
interface Compiled { readonly config: DetectorConfig, readonly onnx: Uint8Array }

interface Recorded { readonly runs: ReadonlyArray<readonly OperatorTime[]>, readonly totals: readonly number[] }

/** Measures the time of each operator of a network, on a black picture of the network's input size. */
export class Profiler {
  readonly #compiled: Compiled
  readonly #threads: number

  constructor (compiled: Compiled, threads: number) {
    this.#compiled = compiled
    this.#threads = threads
  }

  /** Takes up to two seconds, or two runs if these take longer. @throws if the folder for temporary files can't be written */
  async profile ({ runs, layers }: ProfileInput): Promise<ProfileOutput> {
    const { config, onnx } = this.#compiled
    const recorded = await inTemporaryFolder(folder => this.#record(folder, runs))
    const isTree = !('opaque' in config)
    const names = new Set(layers)
    const report = reportOf(recorded.runs, recorded.totals, isTree ? layersOfNodes(onnx, names) : ownLayers(names), isTree)
    const times = { decode: 0, preprocess: 0, inference: report.totalMs, postprocess: 0 }
    return { ...report, runs: recorded.runs.length, threads: this.#threads, times }
  }

  async #record (folder: string, wanted: number): Promise<Recorded> {
    const session = await Session.create(this.#compiled.onnx, this.#threads, { profile: join(folder, 'profile') })
    const all = await this.#run(session, WARM_UPS + wanted).finally(() => session.release())
    const warmUps = Math.min(WARM_UPS, all.length - 1)
    const [file] = await readdir(folder)
    const runs = readRuns(await readFile(join(folder, file!), 'utf8'))
    return { runs: runs.slice(warmUps), totals: all.slice(warmUps) }
  }

  /** @returns the milliseconds of each run */
  async #run (session: Session, count: number): Promise<number[]> {
    const picture = blankPicture(this.#compiled.config)
    const end = performance.now() + TIME_LIMIT
    const totals: number[] = []
    while (totals.length < count && (totals.length < 2 || performance.now() < end)) {
      const clock = stopwatch()
      await session.run(picture)
      totals.push(clock())
    }
    session.endProfiling()
    return totals
  }
}

function blankPicture (config: DetectorConfig): Picture {
  const { width, height } = config.input
  return pictureOf(config, { bytes: new Uint8Array(height * width * 3), shape: [1, height, width, 3] })
}

async function inTemporaryFolder<T> (use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'nanodet-profile-')).catch((cause: Error) => {
    throw new Error(`the folder for temporary files can't be written: ${cause.message}`, { cause })
  })
  try {
    return await use(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
