/** Messages about sources that do not exist. */
import { readdir, stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { nearest } from '../../models/nearest.ts'
import { SourceError } from '../errors.ts'
import { toPath } from './file-name.ts'
import { pathProblem } from './files.ts'

const HINTS: ReadonlyArray<readonly [RegExp, string]> = [
  [/^~/, 'shells replace ~ only outside of quotes'],
  [/^s3:\/?[^/]/i, 'a bucket is named s3://BUCKET/PREFIX'],
  [/^[a-z][a-z\d+.-]+:\/\//i, 'URLs other than s3:// are not read; download the images first'],
  [/^-./, 'names on standard input are read with a single -']
]

/** An error for a source that can't be opened, with a hint if it looks like a typing error. */
export async function missingSource (name: string): Promise<SourceError> {
  const error = await stat(toPath(name)).catch(error => error)
  const hint = HINTS.find(([pattern]) => pattern.test(name))?.[1] ?? await similar(name)
  return new SourceError(`${name}: ${pathProblem(error)}${hint ? `; ${hint}` : ''}`, { cause: error })
}

async function similar (name: string): Promise<string | undefined> {
  const names = await readdir(dirname(name)).catch(() => [])
  const [found] = nearest(basename(name), names, { count: 1, maxEdits: 2 })
  return found && `did you mean ${name.includes('/') ? `${dirname(name)}/` : ''}${found}?`
}
