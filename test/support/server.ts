import type { Test } from 'tap'
import pino from 'pino'
import { DetectorStore } from '../../engine/engine.ts'
import { ModelsDir } from '../../models/files/models-dir.ts'
import { REGISTRY } from '../../models/registry.ts'
import { builtInArtifacts } from '../../models/artifact.ts'
import { buildApp } from '../../server/app.ts'
import { readConfig } from '../../server/config.ts'

export const MODEL = REGISTRY.get('nanodet-m-416')!
/** The same as the store is told of it. */
export const SOURCE = builtInArtifacts()[0]!
export type LogLine = Record<string, unknown>

/** The real API over the real network in one worker, and what it logs. It is closed with the test. */
export async function startApp (t: Test, env: Record<string, string> = {}, { load = true } = {}) {
  const log: LogLine[] = []
  const logger = pino({ level: 'info' }, { write: (line: string) => { log.push(JSON.parse(line)) } })
  const config = readConfig(env)
  const queue = { maxJobs: config.MAX_QUEUE, maxBytes: config.MAX_QUEUE_BYTES, maxWait: config.REQUEST_TIMEOUT }
  const directory = config.MODELS_DIR === undefined ? undefined : new ModelsDir(config.MODELS_DIR)
  const options = { directory, defaultModel: config.DEFAULT_MODEL, maxLoaded: config.MAX_LOADED_MODELS }
  const store = new DetectorStore([SOURCE], { workers: 1, threads: 1, queue, ...options })
  const app = await buildApp({ config, store, logger })
  t.teardown(async () => { await app.close(); await store.close() })
  if (load) await store.start()
  return { app, store, log }
}
