import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { Ranges } from '../nn/passes/quantize.ts'
import type { ModelConfig } from './config.ts'
import { ModelFileError } from './errors.ts'
import { fileProblem } from './file-problem.ts'

/** What networks are computed in. */
export const PRECISIONS = ['fp32', 'int8'] as const
export type Precision = typeof PRECISIONS[number]

const rangesSchema = z.record(z.string(), z.tuple([z.number().max(0), z.number().min(0)]))

/** Where the build puts the ranges of a model of the registry (see convert.ts). */
export const rangesFile = ({ name }: ModelConfig): URL => new URL(`../weights/${name}.ranges.json`, import.meta.url)

/** The file with the ranges of a model that the build has made weights for; undefined where there is none. */
export function builtInRanges (config: ModelConfig): string | undefined {
  const path = fileURLToPath(rangesFile(config))
  return existsSync(path) ? path : undefined
}

/** What npm run quantize writes. @throws ModelFileError naming the file, and what is wrong with it */
export async function readRanges (path: string): Promise<Ranges> {
  try {
    return parseRanges(await readFile(path, 'utf8'))
  } catch (error) {
    throw new ModelFileError(basename(path), fileProblem(error), { cause: error })
  }
}

function parseRanges (text: string): Ranges {
  const parsed = rangesSchema.safeParse(JSON.parse(text))
  if (parsed.success) return parsed.data
  const { path, message } = parsed.error.issues[0]!
  throw new Error(`no ranges: ${[...path, message].join(': ')}`)
}
