import type { DetectorConfig } from '../../models/config.ts'
import { toDetections } from '../reply.ts'
import type { DetectedObject, Region } from '../results.ts'
import { detailsOf } from './details.ts'
import type { CamExplanation, Cell, CellDetails } from './explanation.ts'
import { explain, type Pass } from './explain.ts'
import { bytesOf, fit, MAX_BYTES } from './fit.ts'
import { pointOf } from './levels.ts'
import { explainRegion, MAX_NAMED, type Response } from './region.ts'
import { writeExplanation } from './write.ts'

/** A place to explain, and the outputs of stages and levels. */
export interface Place { readonly region: Region, readonly responses: readonly Response[] }

/** Labels in a verdict: its own, and two in its sentence. */
const IN_VERDICT = 3

/**
 * An `Explanation` as JSON; with the detections of the same pass, it has less than MAX_BYTES, unless these alone have nearly as many.
 * @throws FeaturesError if the region lies outside the photo
 */
export function explanationBody (pass: Pass, objects: readonly DetectedObject[], place?: Place, cam?: CamExplanation): Buffer {
  const room = MAX_BYTES - bytesOf(toDetections(objects))
  const left = room - (cam ? bytesOf(cam) : 0)
  const explanation = fit(explain(pass), place ? left - labelBytes(pass.config) : left)
  const region = place && explainRegion(pass, explanation, place.region, place.responses)
  const details = (cell: Cell): CellDetails => detailsOf(pass, pointOf(explanation.levels, cell))
  const whole = { ...explanation, ...region && { region }, ...cam && { cam } }
  return writeExplanation(whole, room, details)
}

/** The most that labels in a region's explanation can take. */
const labelBytes = ({ labels, head: { strides } }: DetectorConfig): number =>
  Math.max(...labels.map(bytesOf)) * (strides.length * MAX_NAMED + IN_VERDICT)
