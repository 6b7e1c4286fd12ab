/** The files that commands read and write; failures are one-line CommandErrors that name the file. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileProblem } from '../models/file-problem.ts'
import { CommandError } from './errors.ts'

/** The bytes of a file. @throws CommandError naming the file */
export async function readInput (path: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (error) {
    throw fileError(path, error)
  }
}

/** Writes a file, creating its directory if needed. @throws CommandError naming the file */
export async function writeOutput (path: string, bytes: Uint8Array | string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, bytes)
  } catch (error) {
    throw fileError(path, error)
  }
}

/** A file system error as a line that names the file. */
export function fileError (path: string, cause: unknown): CommandError {
  return new CommandError(`${path}: ${fileProblem(cause)}`, { cause })
}
