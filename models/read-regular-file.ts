import { constants } from 'node:fs'
import { open } from 'node:fs/promises'

/**
 * Reads a regular file; links count as their targets. A pipe or a device would block the reader, or never end.
 * @throws Error if it is something else, or has more than `maxBytes`; what opening and reading it throws
 */
export async function readRegularFile (path: string, maxBytes = Infinity): Promise<Buffer> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const stats = await file.stat()
    if (!stats.isFile() && !stats.isDirectory()) throw new Error('is not a regular file') // reading a folder has its own error
    if (stats.size > maxBytes) throw new Error(`has ${stats.size} bytes, but at most ${maxBytes} are allowed`)
    return await file.readFile()
  } finally {
    await file.close()
  }
}
