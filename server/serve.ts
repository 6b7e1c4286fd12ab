/** Listens: HOST, PORT and the rest from the environment (see config.ts). */
import closeWithGrace from 'close-with-grace'
import type { FastifyInstance } from 'fastify'
import pino, { type Logger } from 'pino'
import { Engine } from '../engine/engine.ts'
import { ModelLoadError, UnknownModelError, WorkerError } from '../engine/errors.ts'
import type { ModelEvent } from '../engine/models/store.ts'
import type { WorkerEnd } from '../engine/processes/supervisor.ts'
import { configHelp, ConfigError, misspelled, readConfig, type Config } from './config.ts'
import { isLoopback } from './loopback.ts'
import { logModelsDir } from './models-dir-log.ts'
import { startTracing, type Tracing } from './tracing.ts'

/** Signals that a service manager may send to every process of the server when it stops it. */
const FROM_OUTSIDE = /ended by SIG(TERM|INT|HUP)/

/** What there is to close, in this order. */
interface Parts {
  app?: FastifyInstance
  readonly engine: Engine
  tracing?: Tracing | undefined
}

/** SageMaker starts a container with this argument, and may set its port. */
const SAGEMAKER_ARGUMENT = 'serve'

/** Starts the server. It ends on a signal, or when nothing can be served. */
export async function serve (): Promise<void> {
  const args = process.argv.slice(2)
  if (args.includes('--help')) return help()
  const config = configOrExit(args)
  // Lines are written in the background, and on exit: a slow reader of the log slows nobody down.
  const logger = pino({ level: config.LOG_LEVEL }, pino.destination({ sync: false }))
  for (const [given, meant] of misspelled(process.env)) logger.warn({ variable: given }, `${given} is not a setting; is ${meant} meant?`)
  const parts: Parts = { engine: startEngine(config, logger) }
  const closing = new AbortController()
  const { close } = closeWithGrace({ delay: config.SHUTDOWN_TIMEOUT, logger }, async ({ signal, err }) => {
    closing.abort()
    if (err) logger.fatal({ err }, 'closing after an error')
    else if (signal) logger.info({ signal }, 'closing')
    await parts.app?.close()
    await parts.engine.close()
    await parts.tracing?.stop()
    if (!signal) process.exit(1)
  })
  await start(config, logger, parts, closing.signal).catch(async (error: unknown) => {
    if (closing.signal.aborted) return
    explain(logger, error)
    close()
  })
}

async function start (config: Config, logger: Logger, parts: Parts, closing: AbortSignal): Promise<void> {
  const { engine } = parts
  const { buildApp } = await import('./app.ts') // the processes start meanwhile
  parts.tracing = await startTracing(config)
  parts.app = await buildApp({ config, engine, logger, tracing: parts.tracing })
  closing.throwIfAborted()
  await parts.app.listen({ host: config.HOST, port: config.PORT })
  if (!isLoopback(config.HOST) && config.API_KEYS.length === 0) {
    logger.warn({ host: config.HOST }, 'anyone who can reach this port may use it: set API_KEYS, or listen on 127.0.0.1')
  }
  await engine.start(config.PRELOAD.includes('*') ? undefined : config.PRELOAD)
  logModelsDir(logger, engine, config.MODELS_DIR)
  const models = engine.models.filter(({ state }) => state.name === 'ready').map(({ name }) => name)
  logger.info({ models, workers: config.WORKERS, threads: config.THREADS }, 'ready')
}

/** The engine that a configuration describes. Its events go to the log. */
export function startEngine (config: Config, logger: Logger): Engine {
  return new Engine({
    places: { builtIn: true, directory: config.MODELS_DIR, precision: config.PRECISION },
    defaultModel: config.DEFAULT_MODEL,
    maxLoaded: config.MAX_LOADED_MODELS,
    workers: config.WORKERS,
    threads: config.THREADS,
    jobTimeout: config.JOB_TIMEOUT,
    maxWorkerMemory: config.MAX_WORKER_MEMORY || undefined,
    queue: { maxJobs: config.MAX_QUEUE, maxBytes: config.MAX_QUEUE_BYTES },
    onModel: event => logModel(logger, event, config),
    onWorkerEnd: end => logWorkerEnd(logger, end)
  })
}

function logWorkerEnd (logger: Logger, { pid, reason }: WorkerEnd): void {
  logger[FROM_OUTSIDE.test(reason) ? 'info' : 'error']({ worker: pid, reason }, 'a worker ended and is replaced')
}

function logModel (logger: Logger, event: ModelEvent, config: Config): void {
  const { type, model } = event
  if (type === 'failed') return logger.error({ model, reason: event.reason }, 'a model can\'t be loaded')
  if (type === 'unloaded') return logger.info({ model }, 'a model is unloaded')
  const { precision } = event.info
  logger.info({ model, ms: Math.round(event.ms), precision }, 'a model is loaded')
  if (precision !== config.PRECISION) logger.warn({ model, precision }, `a model has no calibration table for ${config.PRECISION}: it runs in ${precision}`)
}

/** What is wrong with the models is said in a line; anything else goes the way of all errors. */
function explain (logger: Logger, error: unknown): void {
  if (error instanceof UnknownModelError) logger.fatal(`DEFAULT_MODEL, PRELOAD: ${error.message}`)
  else if (error instanceof ModelLoadError || error instanceof WorkerError) logger.fatal(error.message)
  else logger.fatal({ err: error }, 'the server can\'t start')
}

function help (): void {
  process.stdout.write(`npm start\n\nServes object detection over HTTP. Environment variables set it up:\n\n${configHelp()}\n`)
}

function configOrExit (args: readonly string[]): Config {
  try {
    return readConfig(environment(args))
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`)
    return process.exit(1)
  }
}

/** @throws ConfigError */
function environment (args: readonly string[]): NodeJS.ProcessEnv {
  const unknown = args.find(arg => arg !== SAGEMAKER_ARGUMENT)
  if (unknown !== undefined) throw new ConfigError(`${unknown}: unknown argument; --help lists the environment variables`)
  const { SAGEMAKER_BIND_TO_PORT: port } = process.env
  return args.includes(SAGEMAKER_ARGUMENT) && port ? { ...process.env, PORT: port } : process.env
}
