import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Makes a folder that is deleted when this process exits. */
export function temporaryFolder (): string {
  const folder = mkdtempSync(join(tmpdir(), 'nanodet-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  return folder
}
