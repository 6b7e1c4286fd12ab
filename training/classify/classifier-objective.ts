import { decodeForCrops } from '../../engine/image/decode.ts'
import { warpPixels } from '../../engine/image/warp.ts'
import { augmentedPixels } from '../data/augment.ts'
import type { Decode, Objective } from '../objective.ts'
import type { ClassificationSpec } from '../spec.ts'
import { classifierForward, classifierStep, LABELS } from './classifier-graph.ts'
import { centerCrop, mirrored, randomCrop } from './crops.ts'

/** What a classifier's training needs. The target of a photo is its label; what is found on it are its logits. */
export function classifierObjective (spec: ClassificationSpec): Objective<number, undefined> {
  const { config: { input }, examples, validation, crop, augmentation: { flip, ...changes } } = spec
  const decode: Decode = (bytes, maxPixels) => decodeForCrops(bytes, maxPixels, input)
  return {
    step: classifierStep(spec),
    evaluation: classifierForward(spec),
    async example (index, read, next) {
      const { path, label } = examples[index]!
      const photo = await read(path, decode)
      const part = randomCrop(photo, input, crop, next)
      const warp = next() < flip ? mirrored(part) : part
      const { pixels } = augmentedPixels(photo, { warp: () => warp, pipeline: 'plus', input }, { ...changes, flip: 0 }, next)
      return { pixels, target: label }
    },
    feeds: labels => ({ [LABELS]: { type: 'int64', dims: [labels.length], data: BigInt64Array.from(labels, BigInt) } }),
    async shown (index, read) {
      const photo = await read(validation[index]!.path, decode)
      return { pixels: warpPixels(photo, centerCrop(photo, input)), target: undefined }
    },
    found: logits => logits.slice()
  }
}
