import type { Candidate } from '../../head/decode/candidates.ts'
import { bestFirst, nms } from '../../head/decode/nms.ts'
import type { DecodeOptions } from '../../head/decode/decode.ts'
import { NotDetectedError } from '../errors.ts'
import { counted } from '../numbers.ts'
import type { CamTarget } from '../results.ts'
import type { Prepared, Steps } from '../steps.ts'

/**
 * The candidate that a target names: a detection, or the best candidate of a class.
 * @throws NotDetectedError if there are not as many detections, or the class has no score
 */
export function findTarget (
  steps: Steps, predictions: Float32Array, prepared: Prepared, options: DecodeOptions, target: CamTarget
): Candidate {
  const kept = nms(steps.candidates(predictions, prepared, options), options.iouThreshold, options.maxDetections)
  if ('index' in target) return kept[target.index] ?? missing(target.index, kept.length)
  const { classId } = target
  const best = kept.find(candidate => candidate.classId === classId) ??
    bestFirst(steps.candidates(predictions, prepared, { scoreThreshold: 0, classes: [classId] }))[0]
  if (best) return best
  throw new NotDetectedError('for: no cell has a score of this class')
}

function missing (index: number, count: number): never {
  const found = count === 0 ? 'nothing was detected' : `the photo has ${counted(count, 'detection')}, counted from 0`
  throw new NotDetectedError(`for: ${index === 0 ? found : `no detection ${index}: ${found}`}`)
}
