import { stat } from 'node:fs/promises'
import { MissingPackageError, OtherRunError, SourceError } from '../../bulk/errors.ts'
import { openSources, type OpenSources } from '../../bulk/sources/open-sources.ts'
import { ModelLoadError, WrongTaskError } from '../../engine/errors.ts'
import type { Artifact } from '../../models/artifact.ts'
import { UnknownLayerError } from '../../models/choose-layers.ts'
import { CommandError, UsageError } from '../errors.ts'
import { loadError, wrongTask } from '../run-model.ts'
import type { DetectOptions } from './options.ts'

/** Opens the sources that are named on the command line. @throws SourceError, MissingPackageError */
export async function openArgs (args: readonly string[], options: DetectOptions, out?: string): Promise<OpenSources> {
  const { s3Endpoint: endpoint, s3PathStyle } = options
  return await openSources(args, { exclude: out, s3: { endpoint, pathStyle: s3PathStyle || undefined } })
}

/** Whether sources can be listed twice: not standard input, nor a list that is a pipe. */
export async function canBeListedAgain (args: readonly string[]): Promise<boolean> {
  const lists = args.filter(arg => arg.startsWith('@')).map(arg => stat(arg.slice(1)).then(found => found.isFile(), () => false))
  return !args.includes('-') && (await Promise.all(lists)).every(Boolean)
}

/** An error of a run as one line; others as they are. */
export function runError (error: unknown, artifact: Artifact): unknown {
  if (error instanceof OtherRunError) return new UsageError(error.message, { cause: error })
  if (error instanceof SourceError || error instanceof MissingPackageError) return new CommandError(error.message, { cause: error })
  if (error instanceof ModelLoadError) return loadError(artifact, error)
  if (error instanceof WrongTaskError) return wrongTask(artifact.name, error.task, error.supported)
  if (error instanceof UnknownLayerError) return new UsageError(`--features: ${error.message}; nanodet features --list shows all`)
  return error
}
