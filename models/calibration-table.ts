import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { CalibrationTable } from '../nn/passes/quantize.ts'
import type { ModelConfig } from './config.ts'
import { ModelFileError } from './errors.ts'
import { fileProblem } from './file-problem.ts'

/** Numeric precision of networks. */
export const PRECISIONS = ['fp32', 'int8'] as const
export type Precision = typeof PRECISIONS[number]

const tableSchema = z.record(z.string(), z.tuple([z.number().max(0), z.number().min(0)]))

/** Where the build puts the calibration table of a registry model (see convert.ts). */
export const calibrationFile = ({ name }: ModelConfig): URL => new URL(`../weights/${name}.calibration.json`, import.meta.url)

/** The calibration table of a built-in model; undefined if it has none. */
export function builtInCalibration (config: ModelConfig): string | undefined {
  const path = fileURLToPath(calibrationFile(config))
  return existsSync(path) ? path : undefined
}

/** Reads a calibration table, as nanodet quantize writes it. @throws ModelFileError naming the file and the problem */
export async function readCalibration (path: string): Promise<CalibrationTable> {
  try {
    return parseCalibration(await readFile(path, 'utf8'))
  } catch (error) {
    throw new ModelFileError(basename(path), fileProblem(error), { cause: error })
  }
}

function parseCalibration (text: string): CalibrationTable {
  const parsed = tableSchema.safeParse(JSON.parse(text))
  if (parsed.success) return parsed.data
  const { path, message } = parsed.error.issues[0]!
  throw new Error(`not a calibration table: ${[...path, message].join(': ')}`)
}
