import { setTimeout as sleep } from 'node:timers/promises'
import { runLoadInThread, type Load } from '../../cli/load/load.ts'
import type { Images } from '../../cli/load/mix.ts'
import type { ServerProcess } from '../../cli/load/server-process.ts'
import { median } from '../../engine/numbers.ts'
import { Monitor } from './monitor.ts'
import { summarize, type Phase } from './summary.ts'
import type { Ending } from './verdicts.ts'

/** Settings of a run. */
export interface Run {
  readonly server: ServerProcess
  readonly images: Images
  /** Approximate duration of all phases together. */
  readonly seconds: number
  /** Called when a phase begins. */
  readonly onPhase: (name: string) => void
}

export interface Finished { readonly phases: readonly Phase[], readonly ending: Ending }

const TIMED_PHASES = 6
const FACTORS = [1, 2, 4]
const LEAVING = { requests: 1000, perSecond: 100 }
const LONGEST = 3600
const EXIT_TIMEOUT = 60_000

/** Load at the server's capacity and above it, clients that leave, and SIGTERM. */
export async function runOverload (run: Run): Promise<Finished> {
  const course = new Course(run)
  const seconds = run.seconds / TIMED_PHASES
  const clients = 2 * run.server.workers
  await course.warmUp({ mix: 'photos', pace: { clients }, seconds: seconds / 3 })
  const { goodput } = await course.phase('capacity', { mix: 'photos', pace: { clients }, seconds })
  for (const factor of FACTORS) await course.phase(`${factor}×`, { mix: 'mixed', pace: { perSecond: goodput * factor }, seconds })
  const rssBefore = median(course.last.rss_mib)
  const requests = Math.min(LEAVING.requests, Math.round(LEAVING.perSecond * seconds))
  await course.phase('leaving', { mix: 'aborted', pace: { perSecond: LEAVING.perSecond }, seconds: LONGEST, requests })
  return course.end({ perSecond: 2 * goodput, seconds, rssBefore })
}

/** A number of requests, as fast as they are answered, then SIGTERM. Memory is compared with that after the first thousand. */
export async function runEndurance (run: Run, requests: number): Promise<Finished> {
  const course = new Course(run)
  const load = { mix: 'mixed', pace: { clients: 2 * run.server.workers }, seconds: LONGEST } as const
  const first = Math.ceil(Math.min(1000, requests / 10))
  const { goodput } = await course.phase(`first ${first}`, { ...load, requests: first })
  const { rss_mib: rss } = await course.phase(`${requests - first} more`, { ...load, requests: requests - first })
  const rssBefore = median(rss.slice(0, Math.ceil(rss.length / 10)))
  return course.end({ perSecond: 2 * goodput, seconds: run.seconds / TIMED_PHASES, rssBefore })
}

/** Runs phases one after another, and watches the server. */
class Course {
  readonly #run: Run
  readonly #monitor: Monitor
  readonly #phases: Phase[] = []

  constructor (run: Run) {
    this.#run = run
    this.#monitor = new Monitor(run.server)
  }

  get last (): Phase { return this.#phases.at(-1)! }

  /** Load that is not reported. */
  async warmUp (load: Omit<Load, 'base' | 'images'>): Promise<void> {
    this.#run.onPhase('warm-up')
    await this.#load(load)
    await this.#monitor.lap()
  }

  async phase (name: string, load: Omit<Load, 'base' | 'images'>): Promise<Phase> {
    this.#run.onPhase(name)
    this.#phases.push(summarize(name, await this.#load(load), await this.#monitor.lap()))
    return this.last
  }

  /** Waits until the queue is empty, then ends the server under load. */
  async end ({ perSecond, seconds, rssBefore }: { perSecond: number, seconds: number, rssBefore: number }): Promise<Finished> {
    const { rssMib, queueDepth, crashes } = await this.#monitor.settle()
    this.#run.onPhase('SIGTERM')
    const loading = this.#load({ mix: 'photos', pace: { perSecond }, seconds, acknowledged: true })
    await sleep(seconds * 500)
    const lap = await this.#monitor.lap()
    this.#monitor.stop()
    const exit = await this.#terminate()
    this.#phases.push(summarize('SIGTERM', await loading, lap))
    const ending = { ...exit, queue_depth: queueDepth, worker_crashes: crashes, rss_ratio: rssMib && rssMib / rssBefore }
    return { phases: this.#phases, ending }
  }

  async #terminate (): Promise<Pick<Ending, 'exit_code' | 'exit_ms'>> {
    const start = performance.now()
    this.#run.server.kill('SIGTERM')
    const code = await Promise.race([this.#run.server.exited, sleep(EXIT_TIMEOUT, null, { ref: false })])
    return { exit_code: code, exit_ms: performance.now() - start }
  }

  #load (load: Omit<Load, 'base' | 'images'>) {
    const { server: { base }, images } = this.#run
    return runLoadInThread({ ...load, base, images })
  }
}
