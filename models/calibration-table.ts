import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { ChannelFactors } from '../nn/passes/equalize-channels.ts'
import type { Ranges } from '../nn/passes/quantize.ts'
import type { ModelConfig } from './config.ts'
import { ModelFileError } from './errors.ts'
import { fileProblem } from './file-problem.ts'
import { readRegularFile } from './read-regular-file.ts'

/** Numeric precision of networks. */
export const PRECISIONS = ['fp32', 'int8'] as const
export type Precision = typeof PRECISIONS[number]

/** What a network needs to run in int8. It fits other weights of the same network, too, but loses more accuracy there. */
export interface CalibrationTable {
  /** Factors that equalize channels. */
  readonly factors: ChannelFactors
  /** The ranges of the equalized network's values. */
  readonly ranges: Ranges
}

const rangesSchema = z.record(z.string(), z.tuple([z.number().max(0), z.number().min(0)]))
const tableSchema = z.strictObject({ factors: z.record(z.string(), z.array(z.number().positive())), ranges: rangesSchema })

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
    return parseCalibration(JSON.parse((await readRegularFile(path)).toString('utf8')))
  } catch (error) {
    throw new ModelFileError(basename(path), fileProblem(error), { cause: error })
  }
}

/** Tables of earlier versions have only ranges, and no `ranges` around them. */
function parseCalibration (json: unknown): CalibrationTable {
  const isTable = json instanceof Object && ('factors' in json || 'ranges' in json)
  const parsed = tableSchema.safeParse(isTable ? json : { factors: {}, ranges: json })
  if (parsed.success) return parsed.data
  const { path, message } = parsed.error.issues[0]!
  throw new Error(`not a calibration table: ${[...isTable ? path : path.slice(1), message].join(': ')}`)
}
