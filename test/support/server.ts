import type { Test } from 'tap'
import pino from 'pino'
import { builtInArtifacts } from '../../models/artifact.ts'
import { REGISTRY } from '../../models/registry.ts'
import { buildApp } from '../../server/app.ts'
import { readConfig } from '../../server/config.ts'
import { startEngine } from '../../server/serve.ts'

export const MODEL = REGISTRY.get('nanodet-m-416')!
/** Its files. */
export const SOURCE = builtInArtifacts()[0]!
export type LogLine = Record<string, unknown>

/** The real API over the real engine with one worker, and what they log. They are closed with the test. */
export async function startApp (t: Test, env: Record<string, string> = {}, { load = true } = {}) {
  const log: LogLine[] = []
  const logger = pino({ level: 'info' }, { write: (line: string) => { log.push(JSON.parse(line)) } })
  const config = readConfig({ WORKERS: '1', REQUEST_TIMEOUT: '60000', MAX_QUEUE_WAIT: '0', ...env }) // loads may take long on a busy machine
  const engine = startEngine(config, logger)
  const app = await buildApp({ config, engine, logger })
  t.teardown(async () => { await app.close(); await engine.close() })
  if (load) await engine.start()
  return { app, engine, log }
}
