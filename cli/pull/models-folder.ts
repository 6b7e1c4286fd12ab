import { UsageError } from '../errors.ts'
import { text } from '../options.ts'

/** The option of commands that work on a folder of models. */
export const FOLDER_OPTION = {
  modelsDir: text('DIR', 'Folder with your models, which the server reads as MODELS_DIR; by default MODELS_DIR').optional()
} as const

/** The folder that the option or MODELS_DIR names; undefined if none does. */
export const modelsFolder = (option: string | undefined): string | undefined => option ?? (process.env['MODELS_DIR'] || undefined)

/** The same. @throws UsageError if none does */
export function requiredFolder (option: string | undefined): string {
  const folder = modelsFolder(option)
  if (folder !== undefined) return folder
  throw new UsageError('Where to? Give a folder with --models-dir DIR, or set MODELS_DIR')
}
