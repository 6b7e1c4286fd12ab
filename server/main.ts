/** Listens: HOST, PORT and the rest from the environment (see config.ts). */
import closeWithGrace from 'close-with-grace'
import pino from 'pino'
import { DetectorStore } from '../detector/detector-store.ts'
import { REGISTRY } from '../models/registry.ts'
import { buildApp } from './app.ts'
import { readConfig, type Config } from './config.ts'

const config = configOrExit()
const logger = pino({ level: config.LOG_LEVEL })
const store = new DetectorStore([...REGISTRY.values()].filter(model => model.weights), { workers: config.WORKERS, threads: config.THREADS })
const app = await buildApp({ config, store, logger })

closeWithGrace({ delay: config.SHUTDOWN_TIMEOUT, logger }, async ({ signal, err }) => {
  if (err) logger.fatal({ err }, 'closing after an error')
  else logger.info({ signal }, 'closing')
  await app.close()
  await store.close()
})

await app.listen({ host: config.HOST, port: config.PORT })
await store.load()
logger.info({ models: store.configs.map(({ name }) => name), workers: config.WORKERS }, 'ready')

function configOrExit (): Config {
  try {
    return readConfig(process.env)
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`)
    return process.exit(1)
  }
}
