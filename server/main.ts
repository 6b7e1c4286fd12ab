/** Listens: HOST, PORT and the rest from the environment (see config.ts). */
import closeWithGrace from 'close-with-grace'
import { isIP } from 'node:net'
import pino from 'pino'
import { DetectorStore } from '../engine/engine.ts'
import { ModelLoadError, UnknownModelError } from '../engine/errors.ts'
import type { ModelEvent } from '../engine/models/deployment.ts'
import { ModelFileError } from '../models/errors.ts'
import { ModelsDir } from '../models/files/models-dir.ts'
import { builtInArtifacts, precisionOf } from '../models/artifact.ts'
import { buildApp } from './app.ts'
import { configHelp, readConfig, type Config } from './config.ts'
import { startTracing } from './tracing.ts'

if (process.argv.includes('--help')) {
  process.stdout.write(`npm start\n\nServes object detection over HTTP. Environment variables set it up:\n\n${configHelp()}\n`)
  process.exit()
}
const config = configOrExit()
// Lines are written in the background, and on exit: a slow reader of the log slows nobody down.
const logger = pino({ level: config.LOG_LEVEL }, pino.destination({ sync: false }))
const store = new DetectorStore(builtInArtifacts(config.PRECISION), {
  directory: config.MODELS_DIR === undefined ? undefined : new ModelsDir(config.MODELS_DIR, config.PRECISION),
  defaultModel: config.DEFAULT_MODEL,
  maxLoaded: config.MAX_LOADED_MODELS,
  onModel: logModel,
  workers: config.WORKERS,
  threads: config.THREADS,
  jobTimeout: config.JOB_TIMEOUT,
  queue: { maxJobs: config.MAX_QUEUE, maxBytes: config.MAX_QUEUE_BYTES, maxWait: config.REQUEST_TIMEOUT },
  onCrash: reason => logger.error({ reason }, 'a worker ended and is replaced')
})
const tracing = await startTracing(config)
const app = await buildApp({ config, store, logger, tracing })

closeWithGrace({ delay: config.SHUTDOWN_TIMEOUT, logger }, async ({ signal, err }) => {
  if (err) logger.fatal({ err }, 'closing after an error')
  else logger.info({ signal }, 'closing')
  await app.close()
  await store.close()
  await tracing?.stop()
})

await app.listen({ host: config.HOST, port: config.PORT })
if (!isLoopback(config.HOST) && config.API_KEYS.length === 0) {
  logger.warn({ host: config.HOST }, 'anyone who reaches this port may use it: set API_KEYS, or listen on 127.0.0.1')
}
await store.start(config.PRELOAD.includes('*') ? undefined : config.PRELOAD).catch(giveUp)
logger.info({ models: store.models.filter(({ state }) => state === 'ready').map(({ name }) => name), workers: config.WORKERS, threads: config.THREADS }, 'ready')

/** What is wrong with the models is told in a line; anything else goes the way of all errors. */
async function giveUp (error: unknown): Promise<never> {
  if (error instanceof UnknownModelError) logger.fatal(`DEFAULT_MODEL, PRELOAD: ${error.message}`)
  else if (error instanceof ModelLoadError || error instanceof ModelFileError) logger.fatal(error.message)
  else throw error
  await app.close()
  await store.close()
  return process.exit(1)
}

function logModel (event: ModelEvent): void {
  const { type, model } = event
  if (type === 'failed') logger.error({ model, reason: event.reason }, 'a model can\'t be loaded')
  else if (type === 'loaded') logLoaded(model, event.ms)
  else logger.info({ model }, 'a model is unloaded')
}

function logLoaded (model: string, ms: number): void {
  const precision = precisionOf(store.get(model).source)
  logger.info({ model, ms: Math.round(ms), precision }, 'a model is loaded')
  if (precision !== config.PRECISION) logger.warn({ model, precision }, `a model has no ranges for ${config.PRECISION}: it runs in ${precision}`)
}

function isLoopback (host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

function configOrExit (): Config {
  try {
    return readConfig(process.env)
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`)
    return process.exit(1)
  }
}
