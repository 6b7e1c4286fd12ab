/** The files that nanodet features writes for each photo. */
import { join, parse, resolve } from 'node:path'
import type { FileFormat } from '../engine/results.ts'
import type { ChosenLayer } from '../models/choose-layers.ts'
import { UsageError } from './errors.ts'

/** A file and its layers; without a path it goes to stdout. */
export interface FeatureFile { readonly path?: string, readonly layers: readonly ChosenLayer[] }

export interface PhotoFiles { readonly photo: string, readonly files: readonly FeatureFile[] }

/** Endings of files with one layer, and of files with all. */
const OF_A_LAYER = { npy: 'npy', png: 'channels.png', overlay: 'overlay.jpg' } as const
const OF_ALL = { npz: 'features.npz', safetensors: 'features.safetensors', maps: 'maps.safetensors', json: 'features.json' } as const

/**
 * The files of each photo in `folder`; without a folder, the output goes to stdout.
 * @throws UsageError if a photo or another of the files would be overwritten
 */
export function featureFiles (
  photos: readonly string[], folder: string | undefined, format: FileFormat, layers: readonly ChosenLayer[]
): PhotoFiles[] {
  if (folder === undefined) return photos.map(photo => ({ photo, files: [{ layers }] }))
  const planned = photos.map(photo => ({ photo, files: filesOf(join(folder, parse(photo).name), format, layers) }))
  const taken = new Set(photos.map(photo => resolve(photo)))
  for (const path of planned.flatMap(({ files }) => files.map(({ path }) => path))) {
    if (taken.has(resolve(path))) throw new UsageError(`--out: ${path} is one of the photos, or would be written twice`)
    taken.add(resolve(path))
  }
  return planned
}

function filesOf (stem: string, format: FileFormat, layers: readonly ChosenLayer[]): Array<Required<FeatureFile>> {
  if (!isOfALayer(format)) return [{ path: `${stem}.${OF_ALL[format]}`, layers }]
  return layers.map(layer => ({ path: `${stem}.${layer.label}.${OF_A_LAYER[format]}`, layers: [layer] }))
}

const isOfALayer = (format: FileFormat): format is keyof typeof OF_A_LAYER => format in OF_A_LAYER
