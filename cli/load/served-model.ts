/** Lets a server that a command starts serve the model that the command's options name. */
import { symlinkSync } from 'node:fs'
import { extname, join, resolve } from 'node:path'
import type { DetectorArtifact } from '../../models/artifact.ts'
import { PRECISIONS, type Precision } from '../../models/calibration-table.ts'
import { writeConfig } from '../../models/files/write-config.ts'
import { isDetector } from '../../models/kinds/kinds.ts'
import { choice } from '../options.ts'
import { CommandError, UsageError } from '../errors.ts'
import { writeOutput } from '../files.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { findModel, isPath, MODEL_OPTIONS, type FoundModel, type Target } from '../target.ts'

/** Model options of commands that start a server. */
export const SERVED_MODEL_OPTIONS = {
  ...MODEL_OPTIONS,
  precision: choice(PRECISIONS, 'Precision of the network; by default PRECISION, else fp32').optional()
} as const

/** A detector, and the environment of a server that serves it by default. */
export interface ServedModel { readonly artifact: DetectorArtifact, readonly env: Record<string, string> }

/**
 * The detector that the options name.
 * @throws UsageError, CommandError if there is none, or if no server could serve it
 */
export async function servedModel (options: Target): Promise<ServedModel> {
  const target = { ...options, precision: options.precision ?? precisionOfEnvironment() }
  const found = await findModel(target)
  const { artifact } = found
  if (!isDetector(artifact)) throw new UsageError(`--model: expected a detector; ${artifact.name} is a classifier`)
  const folder = await folderFor(found, target)
  const env = { DEFAULT_MODEL: artifact.name, PRELOAD: artifact.name, PRECISION: target.precision }
  return { artifact, env: { ...env, ...(folder !== undefined && { MODELS_DIR: folder }) } }
}

function precisionOfEnvironment (): Precision {
  const value = process.env['PRECISION'] || 'fp32'
  const precision = PRECISIONS.find(precision => precision === value)
  if (precision === undefined) throw new CommandError(`PRECISION: expected ${PRECISIONS.join(' or ')}, found ${value}`)
  return precision
}

/** A folder that the server finds the model in; undefined if it is built in, or in MODELS_DIR. */
async function folderFor (
  { artifact, configFile }: FoundModel, { model = '', weights, modelsDir }: Target
): Promise<string | undefined> {
  const { name, checkpoint, calibration } = artifact
  if (configFile === undefined && weights === undefined && !isPath(model)) return modelsDir
  const folder = temporaryFolder()
  const link = (file: string, ending: string): void => symlinkSync(resolve(file), join(folder, `${name}${ending}`))
  link(checkpoint, extname(checkpoint))
  if (calibration !== undefined) link(calibration, '.calibration.json')
  if (configFile !== undefined) link(configFile, extname(configFile))
  else if (artifact.kind === 'detector') await writeOutput(join(folder, `${name}.json`), writeConfig(artifact))
  return folder
}
