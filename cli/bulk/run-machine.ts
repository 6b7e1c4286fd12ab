/** nanodet bulk work. Tested by .ci/checks/bulk-queue.js. */
import type { Logger } from 'pino'
import type { MachineReport } from '../../bulk/queue/machine-report.ts'
import { bulkMetrics } from '../../bulk/queue/metrics.ts'
import { readStatus } from '../../bulk/queue/read-status.ts'
import { RedisError } from '../../bulk/queue/redis-url.ts'
import { ShardWorker, type WorkerEvents } from '../../bulk/queue/shard-worker.ts'
import { postJson } from '../../bulk/queue/webhook.ts'
import { failedIn } from '../../bulk/queue/tally.ts'
import type { Io } from '../io.ts'
import { CommandError } from '../errors.ts'
import type { Target } from '../target.ts'
import { serveMetrics } from './http.ts'
import { openLog } from './log.ts'
import { openMachinery } from './machinery.ts'
import { setApartText } from './status-text.ts'
import { withQueue, type OpenQueue } from './with-queue.ts'

export interface MachineSettings extends Target {
  readonly queue: string
  readonly workers: number
  readonly drain: boolean
  readonly lockSeconds: number
  readonly port?: number | undefined
  readonly host: string
  readonly webhook?: string | undefined
}

/** Milliseconds after the end: BullMQ goes on connecting to a Redis that is away, which would keep the process. */
const LINGER = 1000
/** Milliseconds between lines of the log about a shard in work. */
const PROGRESS_EVERY = 30_000

/** Works until SIGINT, SIGTERM or, with `drain`, the end of the queue. @throws CommandError */
export async function runMachine (settings: MachineSettings, io: Io): Promise<void> {
  const log = openLog(io.stdout)
  const stop = new AbortController()
  const onSignal = (): void => stop.abort()
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, onSignal)
  const waiting = { isPatient: true, signal: stop.signal, onLost: (problem: string) => log.warn(`Redis is away (${problem}); waiting`), onBack: () => log.info('Redis is back') }
  try {
    await withQueue(settings.queue, waiting, async open => await work(open, settings, log, stop.signal))
  } catch (error) {
    if (!stop.signal.aborted || !(error instanceof CommandError && error.cause instanceof RedisError)) throw error
    log.info('Stopped without Redis')
  } finally {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.off(name, onSignal)
    if (stop.signal.aborted) setTimeout(() => process.exit(), LINGER).unref()
  }
}

async function work (open: OpenQueue, settings: MachineSettings, log: Logger, signal: AbortSignal): Promise<void> {
  const { workers, drain, queue, port, host } = settings
  const worker: ShardWorker = new ShardWorker({
    ...open,
    workers,
    drain,
    signal,
    lockDuration: settings.lockSeconds * 1000,
    prepare: async run => await openMachinery(run, { target: settings, workers, id: worker.report.id }),
    events: eventsOf(open, settings, log)
  })
  const metrics = bulkMetrics(worker.report, async () => {
    if (open.redis.status !== 'ready') throw new RedisError('Redis is away') // commands would pile up until it is back
    return await readStatus(open.queue, open.board)
  })
  const app = port === undefined ? undefined : await serveMetrics({ host, port, metrics, isReady: () => open.redis.status === 'ready' })
  log.info({ workers, ...app && { address: app.listeningOrigin } }, `Working for the queue ${queue}`)
  const progress = setInterval(() => sayProgress(worker.report, log), PROGRESS_EVERY)
  try {
    await worker.run()
    log.info(worker.report.totals, drain && !signal.aborted ? 'The queue is empty' : 'Stopped')
  } finally {
    clearInterval(progress)
    await app?.close()
  }
}

function sayProgress (report: MachineReport, log: Logger): void {
  const { shard, done, failed, imagesPerSecond } = report.machine()
  if (shard !== undefined) log.info({ shard, done, failed, images_per_second: imagesPerSecond }, `Shard ${shard}: ${done} images so far`)
}

function eventsOf ({ queue, board }: OpenQueue, { webhook }: MachineSettings, log: Logger): WorkerEvents {
  return {
    onShard: ({ number, count }, tally, seconds) => {
      log.info({ shard: number, images: count, failed: failedIn(tally), seconds: round(seconds) }, `Shard ${number} is done`)
    },
    onHandedBack: shard => log.info({ shard }, `Shard ${shard} is handed back`),
    onDropped: shard => log.warn({ shard }, `Shard ${shard} is dropped: its run was replaced`),
    onStalled: shard => log.warn({ shard }, `Shard ${shard} is back in the queue: its machine is gone`),
    onFailed: (shard, problem) => log.error({ shard }, `Shard ${shard} is back in the queue: ${problem}`),
    onSetApart: found => log.error(found, setApartText(found)),
    onTrouble: problem => log.warn(problem),
    onProblem: problem => log.error(problem),
    onMerged: async ({ run }, { tally, notes }) => {
      for (const note of notes) log.warn(note)
      log.info({ run: run.id, ...tally }, `The run is finished: ${run.out}/results.jsonl`)
      const problem = webhook === undefined ? undefined : await postJson(webhook, { event: 'finished', ...await readStatus(queue, board) })
      if (problem !== undefined) log.error(`--webhook: not delivered: ${problem}`)
    }
  }
}

const round = (seconds: number): number => Math.round(seconds * 10) / 10
