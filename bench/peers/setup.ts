/** The folder that peers in processes of their own read: the networks, the photos and how they are warped. */
import { readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Photo } from '../../cli/load/photos.ts'
import { aboutFile, MAX_PIXELS } from '../../cli/run-model.ts'
import { temporaryFolder } from '../../cli/temporary-folder.ts'
import { Steps } from '../../engine/steps.ts'
import type { Precision } from '../../models/calibration-table.ts'
import { weightsOf } from '../../models/checkpoints/state-dict.ts'
import type { ModelConfig } from '../../models/config.ts'
import { exportRaw } from '../../models/export.ts'
import { compileModel } from '../../models/kinds/kinds.ts'
import type { NetworkModel } from '../../models/model.ts'
import { padToStride, type Warp } from '../../models/resize-mode.ts'
import type { Size } from '../../head/decode/boxes.ts'

type Row = readonly [number, number, number]

/** `setup.json`. */
export interface Setup {
  readonly config: ModelConfig
  /** Of the plain export's input; the photo is at its top left. */
  readonly padded: Size
  /** Paths, and the affine warps from pixels of the photo to pixels of the input. */
  readonly photos: ReadonlyArray<{ readonly path: string, readonly matrix: readonly [Row, Row, Row] }>
}

/** The files of the folder. */
export const FILES = {
  setup: 'setup.json',
  /** The plain export. */
  plain: 'plain.onnx',
  /** A compiled network. */
  compiled: (precision: Precision) => `${precision}.onnx`,
  /** float32: the first photo as the plain export's input, and what onnxruntime predicts for it. */
  input: 'input.bin',
  predictions: 'predictions.bin'
} as const

/** @returns the folder @throws CommandError naming the photo that can't be decoded */
export async function writeSetup (
  model: NetworkModel, precisions: readonly Precision[], photos: readonly Photo[]
): Promise<string> {
  const folder = temporaryFolder()
  const { config, stateDict } = model
  const setup: Setup = { config, padded: padToStride(config.input), photos: await warpsOf(photos, config) }
  await writeFile(join(folder, FILES.setup), JSON.stringify(setup))
  await writeFile(join(folder, FILES.plain), exportRaw(config, weightsOf(stateDict)))
  for (const precision of precisions) await writeFile(join(folder, FILES.compiled(precision)), compileModel(model, [], precision))
  return folder
}

export const readSetup = async (folder: string): Promise<Setup> => JSON.parse(await readFile(join(folder, FILES.setup), 'utf8'))

async function warpsOf (photos: readonly Photo[], config: ModelConfig): Promise<Setup['photos']> {
  const steps = new Steps(config)
  const results: Array<Setup['photos'][number]> = []
  for (const { path, bytes } of photos) {
    const { warp } = await aboutFile(path, steps.preprocess({ bytes, maxPixels: MAX_PIXELS }))
    results.push({ path: resolve(path), matrix: matrixOf(warp) })
  }
  return results
}

const matrixOf = ({ scaleX, scaleY, offsetX, offsetY }: Warp): readonly [Row, Row, Row] =>
  [[scaleX, 0, offsetX], [0, scaleY, offsetY], [0, 0, 1]]
