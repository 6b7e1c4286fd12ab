import { clipBox } from '../../head/decode/boxes.ts'
import { SCORING_OPTIONS } from '../../engine/options.ts'
import { Steps, type Placed } from '../../engine/steps.ts'
import { warpPixels, type Rgb } from '../../engine/image/warp.ts'

import type { Normalization } from '../../models/config.ts'
import { hasOwnSize, padToStride, warpFor } from '../../models/resize-mode.ts'
import { augmentedPixels, type Fit } from '../data/augment.ts'
import { warpedObjects } from '../data/boxes.ts'
import { mosaic, type Scene } from '../data/mosaic.ts'
import { detectorGraph } from '../graph/detector-graph.ts'
import { assignmentGraph, forwardGraph } from '../graph/forward-graph.ts'
import { isAssignedByPredictions } from '../graph/generation.ts'
import { targetFeeds } from '../graph/target-feeds.ts'
import type { Objective, ReadPhoto } from '../objective.ts'
import type { Random } from '../random.ts'
import type { DetectionSpec, TruthBox } from '../spec.ts'

/** The objective of a detector. @throws GradientError if its network has an operator that can't be differentiated */
export function detectorObjective (spec: DetectionSpec): Objective<readonly TruthBox[], Placed> {
  const { config, validation, augmentation } = spec
  const fit = fitOf(spec)
  const steps = new Steps(config)
  return {
    step: detectorGraph(spec),
    ...(isAssignedByPredictions(config) && { assignment: assignmentGraph(spec) }),
    evaluation: forwardGraph(spec),
    feeds: targetFeeds(config),
    async example (index, read, next) {
      const { photo, objects } = await scene(spec, index, read, next)
      const { pixels, matrix, canvas } = augmentedPixels(photo, fit, augmentation, next)
      return { pixels, target: warpedObjects(matrix, objects, canvas) }
    },
    async shown (index, read) {
      const photo = await read(validation[index]!.path)
      const warp = fit.warp(photo)
      return { pixels: warpPixels(photo, { ...warp, padded: config.input }, fit.padding), target: { warp, image: photo } }
    },
    found: (predictions, { warp, image }) => steps.postprocess(predictions, { warp, image }, SCORING_OPTIONS)
  }
}

/**
 * Photos come into the input as they do when the model serves. For models whose input size depends on the photo, the input is as large as
 * in the config; what the photo leaves free has the mean color, so that it is 0 for the network, as the padding of the served network.
 */
function fitOf ({ config: { resizeMode, input, normalization, head } }: DetectionSpec): Fit {
  return {
    warp: photo => ({ ...warpFor(resizeMode, photo, input), padded: padToStride(input) }),
    pipeline: head.name === 'nanodet-plus-head' ? 'plus' : 'legacy',
    input,
    ...(hasOwnSize(resizeMode) && { padding: meanColor(normalization) })
  }
}

function meanColor ({ mean: [a, b, c], channelOrder }: Normalization): Rgb {
  const rounded = [a, b, c].map(Math.round) as unknown as Rgb
  return channelOrder === 'RGB' ? rounded : rounded.toReversed() as unknown as Rgb
}

/** A photo of the training set with its objects, or a mosaic of it and three others. */
async function scene ({ examples, augmentation, config }: DetectionSpec, index: number, read: ReadPhoto, next: Random): Promise<Scene> {
  const single = async (i: number): Promise<Scene> => {
    const { path, objects } = examples[i]!
    const photo = await read(path)
    return { photo, objects: objects.map(({ box, label }) => ({ box: clipBox(box, photo), label })) }
  }
  if (augmentation.mosaic === 0 || next() >= augmentation.mosaic) return await single(index)
  const others = Array.from({ length: 3 }, () => Math.floor(next() * examples.length))
  const scenes: Scene[] = []
  for (const i of [index, ...others]) scenes.push(await single(i))
  return mosaic(scenes, config.input, next)
}
