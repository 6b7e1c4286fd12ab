import type { Logger } from 'pino'
import type { ModelChanges } from '../engine/model-finder.ts'
import type { ModelEvent } from '../engine/models/store.ts'
import { CPU } from '../engine/providers.ts'
import type { WorkerEnd } from '../engine/processes/supervisor.ts'
import type { Config } from './config.ts'

/** Signals that a service manager may send to every process of the server when it stops it. */
const FROM_OUTSIDE = /ended by SIG(TERM|INT|HUP)/

/** A worker that ended and is replaced: an error if a request may have failed. */
export function logWorkerEnd (logger: Logger, { pid, reason, isPlanned }: WorkerEnd): void {
  const level = isPlanned ? 'warn' : FROM_OUTSIDE.test(reason) ? 'info' : 'error'
  logger[level]({ worker: pid, reason }, `worker ${pid} ${isPlanned ? '' : 'ended and '}is replaced: ${reason}`)
}

/** What happened to a model. */
export function logModel (logger: Logger, event: ModelEvent, { PRECISION }: Pick<Config, 'PRECISION'>): void {
  const { type, model } = event
  if (type === 'failed') return logger.error({ model, reason: event.reason }, 'model can\'t be loaded')
  if (type === 'unloaded') return logger.info({ model }, 'model unloaded')
  const { notes = [] } = event.info
  const { provider = CPU, precision = event.info.precision, skipped = [] } = event.running ?? {}
  logger.info({ model, ms: Math.round(event.ms), precision, provider }, 'model loaded')
  for (const note of notes) logger.info({ model }, `model ${model}: ${note}`)
  for (const reason of skipped) logger.warn({ model, provider }, `model ${model} runs on ${provider}: ${reason}`)
  if (precision === PRECISION) return
  const cause = provider === CPU ? `model has no calibration table for ${PRECISION}` : `${provider} does not run ${PRECISION}`
  logger.warn({ model, precision }, `${cause}: it runs in ${precision}`)
}

/** A model that the build compiled has to be compiled again, which delays the start. */
export function logUnusable (logger: Logger, reason: string): void {
  logger.info({ reason }, `a compiled model can't be used and is compiled again: ${reason}`)
}

/** What rereading the models found. */
export function logChanges (logger: Logger, { added, changed, removed }: ModelChanges): void {
  logger.info({ added, changed, removed }, 'models reread')
}
