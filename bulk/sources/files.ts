/** Images that are files. */
import { constants, type Stats } from 'node:fs'
import { open, stat, type FileHandle } from 'node:fs/promises'
import { fileProblem } from '../../models/file-problem.ts'
import { UnreadableError } from '../errors.ts'
import { toPath } from './file-name.ts'

/** Maximum size of an image. An uncompressed photo of 100 megapixels has 300 MB. */
export const MAX_BYTES = 512 * 2 ** 20
/** Does not wait for the other end of a named pipe. */
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

/** The stamp of a file: its size, and its time in milliseconds. */
export const fileStamp = ({ size, mtimeMs }: Stats): string => `${size}-${Math.trunc(mtimeMs)}`

/** The stamp of a file; an empty text if it can't be read. */
export async function stampOf (name: string): Promise<string> {
  return await stat(toPath(name)).then(fileStamp, () => '')
}

/** @throws UnreadableError if it is missing, too large, or not a file with contents: a pipe is not waited for */
export async function readImageFile (name: string, signal?: AbortSignal): Promise<Uint8Array> {
  const file = await open(toPath(name), FLAGS).catch(fail)
  try {
    checkFile(await file.stat())
    return await readAll(file, signal)
  } finally {
    await file.close()
  }
}

async function readAll (file: FileHandle, signal?: AbortSignal): Promise<Buffer> {
  return await file.readFile(signal ? { signal } : {}).catch(error => {
    signal?.throwIfAborted()
    return fail(error)
  })
}

function fail (error: unknown): never {
  throw new UnreadableError(pathProblem(error), { cause: error })
}

function checkFile (found: Stats): void {
  if (found.isDirectory()) throw new UnreadableError('is a directory, not a file')
  if (!found.isFile()) throw new UnreadableError('is a pipe, a socket or a device, not a file')
  checkSize(found.size)
}

/** @throws UnreadableError if an image has more bytes than MAX_BYTES */
export function checkSize (bytes: number): void {
  if (bytes > MAX_BYTES) throw new UnreadableError(`has ${megabytes(bytes)}; at most ${megabytes(MAX_BYTES)} are read`)
}

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)} MB`

/** Describes why a path can't be opened. */
export function pathProblem (error: unknown): string {
  const { code } = error as NodeJS.ErrnoException
  return code === 'ERR_INVALID_ARG_VALUE' ? 'its name contains a NUL character' : fileProblem(error)
}
