/** Images that are files. */
import { closeSync, constants, fstatSync, openSync, read, readFileSync, type Stats } from 'node:fs'
import { stat } from 'node:fs/promises'
import { promisify } from 'node:util'
import { fileProblem } from '../../models/file-problem.ts'
import { UnreadableError } from '../errors.ts'
import type { ReadOptions } from '../item.ts'
import { ReadBuffer } from '../read-buffer.ts'
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

const readPart = promisify(read)

/**
 * Only the bytes are read in another thread: each way there and back costs as much CPU time as hashing an image, and the file was just
 * looked up for its stamp.
 * @throws UnreadableError if it is missing, too large, or not a file with contents: a pipe is not waited for
 */
export async function readImageFile (name: string, { signal, buffer = new ReadBuffer() }: ReadOptions = {}): Promise<Uint8Array> {
  const file = orFail(() => openSync(toPath(name), FLAGS))
  try {
    const size = sizeOf(fstatSync(file))
    signal?.throwIfAborted()
    // Some file systems, such as that of /proc, state no size
    return size === 0 ? orFail(() => readFileSync(file)) : await readAll(file, buffer.take(size), signal)
  } finally {
    closeSync(file)
  }
}

function orFail<T> (work: () => T): T {
  try {
    return work()
  } catch (error) { fail(error) }
}

async function readAll (file: number, bytes: Buffer, signal?: AbortSignal): Promise<Buffer> {
  for (let length = 0; length < bytes.length;) {
    const { bytesRead } = await readPart(file, bytes, length, bytes.length - length, null).catch(fail)
    signal?.throwIfAborted()
    if (bytesRead === 0) return bytes.subarray(0, length)
    length += bytesRead
  }
  return bytes
}

function fail (error: unknown): never {
  throw new UnreadableError(pathProblem(error), { cause: error })
}

function sizeOf (found: Stats): number {
  if (found.isDirectory()) throw new UnreadableError('is a directory, not a file')
  if (!found.isFile()) throw new UnreadableError('is a pipe, a socket or a device, not a file')
  checkSize(found.size)
  return found.size
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
