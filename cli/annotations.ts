import { SourceError } from '../bulk/errors.ts'
import { annotatedIds } from '../bulk/formats/coco-ids.ts'
import { CommandError, UsageError } from './errors.ts'

interface Options {
  readonly annotations?: string | undefined
  readonly format?: readonly string[] | undefined
}

/**
 * Checks --annotations before a run, which needs the file at its end.
 * @throws UsageError without --format coco; CommandError if the file can't be used
 */
export async function checkAnnotations ({ annotations, format }: Options, labels: readonly string[]): Promise<void> {
  if (annotations === undefined) return
  if (!format?.includes('coco')) throw new UsageError('--annotations: needs --format coco')
  await annotatedIds(annotations, labels).catch(error => {
    throw error instanceof SourceError ? new CommandError(`--annotations: ${error.message}`, { cause: error }) : error
  })
}
