/** Starts the server from a configuration, and ends it. */
import closeWithGrace from 'close-with-grace'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { resolve } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { Engine } from '../engine/engine.ts'
import { ModelLoadError, WorkerError } from '../engine/errors.ts'
import { printable } from '../engine/printable.ts'
import type { WorkerProgram } from '../engine/processes/worker-process.ts'
import { CPU } from '../engine/providers.ts'
import { watchFolder } from '../engine/watch-folder.ts'
import { checkConfig, checkModels, checkProviders, listenProblem } from './check-config.ts'
import { ConfigError, misspelled, readConfig, type Config } from './config.ts'
import { rereadsOnHangup } from './hangup.ts'
import { openLog } from './log.ts'
import { logChanges, logModel, logUnusable, logWorkerEnd } from './log-events.ts'
import { isLoopback } from './loopback.ts'
import { logModelsDir } from './models-dir-log.ts'
import { openUrl, startupLine } from './startup-line.ts'
import { startTracing, type Tracing } from './tracing.ts'

/** What to close, in this order. */
interface Parts {
  /** Models are to be reread once those of the start are loaded. */
  isRereadDue?: boolean
  stopWatching?: () => void
  app?: FastifyInstance
  readonly engine: Engine
  tracing?: Tracing | undefined
}

/**
 * Starts the server. The process ends on a signal, or if the server can't start.
 * @param env the settings, see config.ts
 * @param onHandlers called when the server handles signals
 */
export async function serve (env: NodeJS.ProcessEnv = process.env, onHandlers = () => {}): Promise<void> {
  letHeapGrow()
  const config = await configOrExit(env)
  const { logger, flush } = await openLog(config)
  for (const [given, meant] of misspelled(env)) logger.warn({ variable: given }, `${given} is not a setting; did you mean ${meant}?`)
  const parts: Parts = { engine: startEngine(config, logger) }
  const closing = new AbortController()
  const skip = rereadsOnHangup() ? ['SIGHUP' as const] : []
  const { close } = closeWithGrace({ delay: config.SHUTDOWN_TIMEOUT, logger, skip }, async ({ signal, err }) => {
    closing.abort()
    if (err) logger.fatal({ err }, 'closing after an error')
    else if (signal) logger.info({ signal }, 'closing')
    await closeAll(parts)
    await flush()
    if (!signal) process.exit(1)
  })
  if (rereadsOnHangup()) process.on('SIGHUP', () => reread(parts, logger))
  onHandlers()
  await start(config, logger, parts, closing.signal).catch(async (error: unknown) => {
    if (closing.signal.aborted) return
    explain(logger, listenProblem(error, config) ?? error)
    close()
  })
}

/**
 * Lets the heap of this process grow to four times its contents between full garbage collections. Bodies count as contents, and there is
 * little else: by default, every few dozen photos cause a collection, which costs as much as receiving them.
 */
export function letHeapGrow (): void {
  setFlagsFromString('--heap-growing-percent=300')
}

async function closeAll ({ stopWatching, app, engine, tracing }: Parts): Promise<void> {
  stopWatching?.()
  await app?.close()
  await engine.close()
  await tracing?.stop()
}

async function start (config: Config, logger: Logger, parts: Parts, closing: AbortSignal): Promise<void> {
  const { engine } = parts
  if (config.WATCH_MODELS) parts.stopWatching = watchFolder(config.MODELS_DIR!, () => reread(parts, logger))
  const found = discover(config, engine)
  const loaded = found.then(() => engine.start(config.PRELOAD.includes('*') ? undefined : config.PRELOAD)) // while modules load
  for (const promise of [found, loaded]) promise.catch(() => {})
  const { buildApp } = await import('./app.ts')
  parts.tracing = await startTracing(config, logger)
  parts.app = await buildApp({ config, engine, logger, tracing: parts.tracing })
  await found
  closing.throwIfAborted()
  await parts.app.listen({ host: config.HOST, port: config.PORT })
  if (!isLoopback(config.HOST) && config.API_KEYS.length === 0) {
    logger.warn({ host: config.HOST }, 'anyone who can reach this port can use the server: set API_KEYS, or HOST=127.0.0.1')
  }
  await loaded
  logModelsDir(logger, engine, config.MODELS_DIR)
  logReady(parts.app, engine, config)
  if (parts.isRereadDue) await reread(parts, logger)
}

/** @throws ConfigError if a setting names a model or an execution provider that does not exist */
async function discover (config: Config, engine: Engine): Promise<void> {
  await engine.discover()
  checkModels(config, engine.models.map(({ name }) => name))
  if (config.EXECUTION_PROVIDERS.some(provider => provider !== CPU)) checkProviders(config, await engine.providers())
}

function logReady (app: FastifyInstance, engine: Engine, config: Config): void {
  const models = engine.models.filter(({ state }) => state.name === 'ready').map(({ name }) => name)
  const url = openUrl(app, config.HOST)
  app.log.info({ event: 'ready', url, models, workers: config.WORKERS, threads: config.THREADS }, startupLine(engine, config, url))
}

/** Looks for new, changed and removed models; during the start, once its models are loaded. */
async function reread (parts: Parts, logger: Logger): Promise<void> {
  const { engine } = parts
  parts.isRereadDue = !engine.isReady
  if (parts.isRereadDue) return
  try {
    const changes = await engine.refresh()
    if (changes) logChanges(logger, changes)
  } catch (error) {
    logger.error({ reason: (error as Error).message }, 'models can\'t be reread')
  }
}

/** The engine for a configuration. Its events go to the log. @param program see SupervisorOptions */
export function startEngine (config: Config, logger: Logger, program?: WorkerProgram): Engine {
  return new Engine({
    program,
    places: { builtIn: true, directory: config.MODELS_DIR && resolve(config.MODELS_DIR), precision: config.PRECISION },
    defaultModel: config.DEFAULT_MODEL,
    maxLoaded: config.MAX_LOADED_MODELS,
    workers: config.WORKERS,
    threads: config.THREADS,
    providers: config.EXECUTION_PROVIDERS,
    maxBatch: config.MAX_BATCH,
    jobTimeout: config.JOB_TIMEOUT,
    maxWorkerMemory: config.MAX_WORKER_MEMORY || undefined,
    queue: { maxJobs: config.MAX_QUEUE, maxBytes: config.MAX_QUEUE_BYTES, maxWait: config.MAX_QUEUE_WAIT || Infinity },
    onModel: event => logModel(logger, event, config),
    onWorkerEnd: end => logWorkerEnd(logger, end),
    onUnusable: reason => logUnusable(logger, reason)
  })
}

/** One line for each problem that the operator can fix; the stack for anything else. */
function explain (logger: Logger, error: unknown): void {
  const isKnown = error instanceof ConfigError || error instanceof ModelLoadError || error instanceof WorkerError
  if (logger.isLevelEnabled('fatal')) isKnown ? logger.fatal(error.message) : logger.fatal({ err: error }, 'the server can\'t start')
  else process.stderr.write(`${printable((error as Error).message, '\n')}\n`)
}

/** Invalid settings are reported on stderr: a log has no format yet. */
async function configOrExit (env: NodeJS.ProcessEnv): Promise<Config> {
  try {
    const config = readConfig(env)
    await checkConfig(config)
    return config
  } catch (error) {
    process.stderr.write(`${printable((error as Error).message, '\n')}\n`)
    return process.exit(1)
  }
}
