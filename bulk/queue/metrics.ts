import { Counter, Gauge, Registry, collectDefaultMetrics } from 'prom-client'
import type { MachineReport } from './machine-report.ts'
import type { Status } from './status.ts'

/** Milliseconds for Redis to answer a scrape. */
const TIMEOUT = 1000

export interface BulkMetrics {
  readonly contentType: string
  text (): Promise<string>
}

/**
 * Metrics of a machine, and of the queue that it works for.
 * @param read the queue's status; if it fails or takes longer than a second, its metrics keep their values
 */
export function bulkMetrics (report: MachineReport, read: () => Promise<Status>): BulkMetrics {
  const register = new Registry()
  collectDefaultMetrics({ register })
  const updateWorker = workerMetrics(register, report)
  const up = gauge(register, 'redis_up', 'Whether Redis answers: 1 or 0')
  const updateQueue = queueMetrics(register)
  return {
    contentType: register.contentType,
    text: async () => {
      const status = await Promise.race([read().catch(() => undefined), later(TIMEOUT)])
      up.set(status ? 1 : 0)
      updateWorker()
      if (status) updateQueue(status)
      return await register.metrics()
    }
  }
}

const later = async (ms: number): Promise<undefined> => await new Promise(resolve => { setTimeout(resolve, ms, undefined) })

const gauge = <L extends string = never>(register: Registry, name: string, help: string, labelNames: L[] = []): Gauge<L> =>
  new Gauge({ name: `nanodet_bulk_${name}`, help, labelNames, registers: [register] })

function workerMetrics (register: Registry, report: MachineReport): () => void {
  const counter = (name: string, help: string): Counter => new Counter({ name: `nanodet_bulk_worker_${name}_total`, help, registers: [register] })
  const counters = {
    images: counter('images', 'Images that this worker has finished, also those that failed'),
    failed: counter('failed', 'Images that failed in this worker'),
    shards: counter('shards', 'Shards that this worker has finished')
  }
  const seen = { images: 0, failed: 0, shards: 0 }
  return () => {
    for (const name of ['images', 'failed', 'shards'] as const) {
      counters[name].inc(report.totals[name] - seen[name])
      seen[name] = report.totals[name]
    }
  }
}

function queueMetrics (register: Registry): (status: Status) => void {
  const images = gauge(register, 'images', 'Images of the run')
  const done = gauge(register, 'images_done', 'Images with a result')
  const failed = gauge(register, 'images_failed', 'Images that failed')
  const byCode = gauge(register, 'images_failed_by_code', 'Images of finished shards that failed, by code', ['code'])
  const shards = gauge(register, 'shards', 'Shards of the run by state: waiting, active, done or set_apart', ['state'])
  const rate = gauge(register, 'images_per_second', 'Images per second of all machines, over the last half minute')
  const eta = gauge(register, 'eta_seconds', 'Expected seconds until the run is finished; 0 if it is, or nobody works')
  const machines = gauge(register, 'machines', 'Machines that work for the queue')
  return status => {
    byCode.reset()
    images.set(status.images.total)
    done.set(status.images.done)
    failed.set(status.images.failed)
    for (const [code, count] of Object.entries(status.images.by_code)) byCode.set({ code }, count)
    for (const state of ['waiting', 'active', 'done', 'set_apart'] as const) shards.set({ state }, status.shards[state])
    rate.set(status.images_per_second)
    eta.set(status.eta_seconds ?? 0)
    machines.set(status.machines.length)
  }
}
