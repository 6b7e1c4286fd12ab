/** Sources that list names: text files and standard input. */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { addAbortSignal, type Readable } from 'node:stream'
import { fileProblem } from '../../models/file-problem.ts'
import { SourceError } from '../errors.ts'
import { toPath } from './file-name.ts'
import { missingSource } from './missing-source.ts'
import { readNames } from './names.ts'

/** Names in a text file, in groups; it may be a pipe. @throws SourceError if it does not exist */
export async function openList (path: string): Promise<(signal?: AbortSignal) => AsyncGenerator<string[]>> {
  const found = await stat(toPath(path)).catch(async () => { throw await missingSource(path) })
  if (found.isDirectory()) throw new SourceError(`${path}: is a directory; a list is a text file with one name a line`)
  return signal => namesIn(createReadStream(toPath(path)), path, signal)
}

/** Names in a stream, in groups. @param list its name, for messages @throws SourceError if it can't be read or is not a list */
export async function * namesIn (stream: Readable, list: string, signal?: AbortSignal): AsyncGenerator<string[]> {
  if (signal) addAbortSignal(signal, stream)
  try {
    yield * readNames(stream, list)
  } catch (error) {
    signal?.throwIfAborted()
    throw error instanceof SourceError ? error : new SourceError(`${list}: ${fileProblem(error)}`, { cause: error })
  }
}
