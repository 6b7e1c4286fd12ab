import { constants } from 'node:fs'
import { open, realpath, type FileHandle } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, sep } from 'node:path'
import { OnnxError } from '../nn/errors.ts'
import { inlineExternalData, type ExternalRange } from '../nn/onnx/external-data.ts'
import { ModelFileError } from './errors.ts'
import { fileProblem } from './file-problem.ts'
import { GIT_LFS_PROBLEM, isGitLfsPointer } from './git-lfs.ts'
import { readRegularFile } from './read-regular-file.ts'

/** Bytes that one model may read from other files. */
const MAX_EXTERNAL_BYTES = 2 ** 30
const POINTER_BYTES = 64
/** A link that appears after its target was checked is not followed; opening a pipe does not block. */
const READ_ONLY = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK

/**
 * Reads an ONNX file, with the data that it keeps in other files of its folder.
 * @returns a model that needs no other file
 * @throws ModelFileError if it is a Git LFS pointer; OnnxError as `withExternalData`; what reading the file throws
 */
export async function readOnnxFile (path: string): Promise<Uint8Array> {
  const bytes = await readRegularFile(path)
  if (isGitLfsPointer(bytes)) throw new ModelFileError(basename(path), GIT_LFS_PROBLEM)
  return await withExternalData(bytes, path)
}

/**
 * Puts the data that an ONNX model keeps in other files into the model itself.
 * @param path the model's own file: the others must be in the same folder, or below it, links included
 * @throws OnnxError naming the other file if it is elsewhere, missing or too short, or if there is more data than 1 GiB
 */
export async function withExternalData (bytes: Uint8Array, path: string, maxBytes = MAX_EXTERNAL_BYTES): Promise<Uint8Array> {
  let left = maxBytes
  return await inlineExternalData(bytes, async range => {
    const data = await readRange(range, dirname(path), left)
    left -= data.length
    return data
  })
}

/** @param left bytes that may still be read */
async function readRange ({ location, offset, length }: ExternalRange, folder: string, left: number): Promise<Uint8Array> {
  const file = await openInside(folder, location)
  try {
    const { size } = await file.stat()
    const wanted = length ?? size - offset
    if (isGitLfsPointer(await readAt(file, 0, Math.min(size, POINTER_BYTES)))) throw new OnnxError(`${location}: ${GIT_LFS_PROBLEM}`)
    if (wanted > left) throw new OnnxError('it has too much data in other files: more than 1 GiB')
    if (wanted < 0 || offset + wanted > size) throw new OnnxError(`${location} has ${size} bytes, but the model needs bytes up to ${offset + (length ?? 0)}`)
    return await readAt(file, offset, wanted)
  } finally {
    await file.close()
  }
}

async function readAt (file: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const data = new Uint8Array(length)
  const { bytesRead } = await file.read(data, 0, length, offset)
  return data.subarray(0, bytesRead)
}

/** Opens a regular file of a folder. Links count as what they lead to. */
async function openInside (folder: string, location: string): Promise<FileHandle> {
  const outside = new OnnxError(`its data is in ${location}, outside of the model's folder`)
  if (isAbsolute(location) || location.split(/[/\\]/).includes('..')) throw outside
  try {
    const path = await realpath(join(folder, location))
    if (!path.startsWith(join(await realpath(folder), sep))) throw outside
    return await regularFile(await open(path, READ_ONLY), location)
  } catch (error) {
    throw error instanceof OnnxError ? error : new OnnxError(`its data is in ${location}: ${fileProblem(error)}`)
  }
}

async function regularFile (file: FileHandle, location: string): Promise<FileHandle> {
  if ((await file.stat()).isFile()) return file
  await file.close()
  throw new OnnxError(`its data is in ${location}, which is not a regular file`)
}
