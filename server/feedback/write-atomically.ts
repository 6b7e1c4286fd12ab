import { randomUUID } from 'node:crypto'
import { open, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

const ENDING = '.tmp'

/**
 * Writes a file in one step: readers see all of it or what was there before, also after a crash.
 * @param content in pieces
 */
export async function writeAtomically (path: string, content: Iterable<string | Uint8Array>): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}${ENDING}`)
  try {
    const file = await open(temporary, 'wx')
    try {
      await writeFile(file, content)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

/** Removes what writes left in a folder that a crash ended. */
export async function removeUnfinished (folder: string): Promise<void> {
  const names = (await readdir(folder)).filter(name => name.startsWith('.') && name.endsWith(ENDING))
  await Promise.all(names.map(name => rm(join(folder, name))))
}
