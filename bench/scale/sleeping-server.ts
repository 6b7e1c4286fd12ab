/** The server with workers that sleep for SLEEP_MS instead of computing. Everything else is as configured by the environment. */
import { fileURLToPath } from 'node:url'
import { buildApp } from '../../server/app.ts'
import { readConfig } from '../../server/config.ts'
import { openLog } from '../../server/log.ts'
import { letHeapGrow, startEngine } from '../../server/serve.ts'

letHeapGrow()
const path = fileURLToPath(new URL('./sleeping-worker.js', import.meta.url))
const config = readConfig(process.env)
const { logger } = await openLog(config)
const engine = startEngine(config, logger, { path, args: [process.env['SLEEP_MS'] ?? '30'] })
const app = await buildApp({ config, engine, logger })
await app.listen({ host: config.HOST, port: config.PORT })
await engine.start()
logger.info({ event: 'ready', workers: config.WORKERS, threads: config.THREADS }, 'ready')
