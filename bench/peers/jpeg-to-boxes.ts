import { ratioOf, type Ratio } from '../../cli/compare.ts'
import { valuesIn, withSums } from './costs.ts'
import { NAMES, serverName } from './names.ts'
import type { Outcome } from './outcomes.ts'
import { PRECISIONS, type Precision } from '../../models/calibration-table.ts'

/** From JPEG to boxes: the busy server relative to OpenCV's decode and warp plus ncnn. Names are those of the JSON report. */
export interface JpegToBoxes extends Ratio {
  readonly precision: Precision
  /** Whether ncnn ran, or its time comes from the plain export's and an earlier measurement. */
  readonly ncnn: 'measured' | 'carried over'
}

/**
 * CPU time of ncnn ÷ that of onnxruntime on the plain export, in one run with the same weights: 16.5 ÷ 18.5 ms. nanodet-m-416, one thread,
 * two cores of an AMD EPYC (Zen 4), ncnn of July 2026.
 */
const NCNN_TO_PLAIN = 16.5 / 18.5
const CARRIED_OVER_FOR = 'nanodet-m-416'

/** @param clients of the busy server @returns nothing unless OpenCV ran, and ncnn or a model with an earlier measurement of it */
export function jpegToBoxes (outcomes: readonly Outcome[], { model, clients }: { model: string, clients: number }): JpegToBoxes[] {
  const turnsOf = (name: string) => (outcomes.find(outcome => outcome.name === name)?.turns ?? []).map(withSums)
  const preprocess = valuesIn(turnsOf(NAMES.openCv), 'preprocess')
  const own = valuesIn(turnsOf(NAMES.ncnn), 'network')
  const carried = model === CARRIED_OVER_FOR ? valuesIn(turnsOf(NAMES.plain), 'network').map(ms => ms * NCNN_TO_PLAIN) : []
  const ncnn = own.length > 0 ? own : carried
  if (preprocess.length === 0 || ncnn.length === 0) return []
  const references = preprocess.map((ms, turn) => ms + ncnn[turn]!)
  return PRECISIONS.flatMap(precision => {
    const server = valuesIn(turnsOf(serverName(precision, clients)), 'all')
    return server.length === 0 ? [] : [{ precision, ncnn: own.length > 0 ? 'measured' : 'carried over', ...ratioOf(server, references) }]
  })
}
