import { open } from 'node:fs/promises'
import type { ModelConfig } from '../../models/config.ts'
import { fileProblem } from '../../models/file-problem.ts'
import { loadCheckpoint } from '../../models/load-checkpoint.ts'
import { pageProblem } from './drive.ts'
import { DownloadError } from './errors.ts'

const HEAD = 4096
const HTML = /^\uFEFF?\s*<(!doctype html|html|head)\b/i
const LFS_POINTER = /^version https:\/\/git-lfs/

/**
 * Checks that a file is a checkpoint of a model: every parameter has to be there, in its shape.
 * @param source for messages
 * @throws DownloadError naming what the file is instead, or what is missing
 */
export async function verifyCheckpoint (path: string, config: ModelConfig, source: string): Promise<void> {
  const problem = wrongContent(await headOf(path)) ?? await misfit(path, config)
  if (problem !== undefined) throw new DownloadError(`${source}: ${problem}`)
}

async function headOf (path: string): Promise<string> {
  const handle = await open(path)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD), 0, HEAD, 0)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await handle.close()
  }
}

function wrongContent (head: string): string | undefined {
  if (head === '') return 'an empty file'
  if (HTML.test(head)) return pageProblem(head)
  return LFS_POINTER.test(head) ? 'a Git LFS pointer instead of a checkpoint; run git lfs pull where it comes from' : undefined
}

async function misfit (path: string, config: ModelConfig): Promise<string | undefined> {
  try {
    await loadCheckpoint(path, config)
    return undefined
  } catch (error) {
    return `not a checkpoint of ${config.name}: ${fileProblem(error)}`
  }
}
