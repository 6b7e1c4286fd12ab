import { stat } from 'node:fs/promises'
import { isGitLfsPointer } from '../git-lfs.ts'
import { readRegularFile } from '../read-regular-file.ts'

/** Bytes of a description: far more than one with 10,000 labels has. */
const MAX_BYTES = 2 ** 20
/** Any of these keys makes a description, complete or not. */
const KEYS = ['task', 'model', 'graph', 'backbone']

/**
 * Why a JSON file does not describe a model: training and evaluation write others, such as upstream's `results0.json`.
 * @param isNamed whether it is called like a checkpoint. Then a broken object counts as a description, too, so that its errors are reported
 * @returns undefined if it does
 */
export async function jsonProblem (path: string, isNamed: boolean): Promise<string | undefined> {
  const bytes = await read(path)
  if (bytes === undefined || isGitLfsPointer(bytes)) return undefined // reading it as a config reports the problem
  if (bytes.length > MAX_BYTES) return 'is too large for a description of a model'
  const value = parse(bytes)
  if (value === undefined) return isNamed ? undefined : 'is not valid JSON'
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'is not a description of a model'
  return isNamed || KEYS.some(key => Object.hasOwn(value, key)) ? undefined : 'is not a description of a model: it has neither "task" nor "model"'
}

/** @returns undefined if it can't be read; of a large file, only the first bytes, one too many */
async function read (path: string): Promise<Uint8Array | undefined> {
  try {
    return (await stat(path)).size > MAX_BYTES ? new Uint8Array(MAX_BYTES + 1) : await readRegularFile(path)
  } catch {
    return undefined
  }
}

function parse (bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return undefined
  }
}
