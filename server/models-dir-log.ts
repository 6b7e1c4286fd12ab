import type { Logger } from 'pino'
import type { Engine } from '../engine/engine.ts'

const MAX_LINES = 20

/**
 * Logs the files of MODELS_DIR that belong to no model, and warns if it has no model at all.
 * @param directory MODELS_DIR, if set
 */
export function logModelsDir (
  logger: Pick<Logger, 'info' | 'warn'>, { models, ignoredFiles }: Pick<Engine, 'models' | 'ignoredFiles'>, directory: string | undefined
): void {
  if (directory === undefined) return
  const hasModel = models.some(({ origin }) => 'directory' in origin)
  if (!hasModel) logger.warn({ directory }, 'MODELS_DIR has no models')
  for (const { file, reason } of ignoredFiles.slice(0, MAX_LINES)) logger.info({ file, reason }, `MODELS_DIR: ignored ${file}: it ${reason}`)
  const more = ignoredFiles.length - MAX_LINES
  if (more > 0) logger.info(`MODELS_DIR: ignored ${more} more files`)
}
