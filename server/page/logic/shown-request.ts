/** The request that answers what the page shows. */
import { queryOf } from '../../../client/query.ts'
import type { Parameters } from './server.ts'
import { INITIAL, type State } from './state.ts'

export type Shown = Pick<
  State, 'model' | 'precision' | 'score' | 'iou' | 'max' | 'classes' | 'tab' | 'selected' | 'region' | 'expected' | 'layer' | 'reduce'
>

export interface ShownRequest {
  readonly path: 'detect' | 'explain' | 'features'
  readonly parameters: Parameters
  /** Name of the file for a reply that is not JSON. */
  readonly file?: string
}

/** In the tab of the network: the overlay of the layer on view. Otherwise the boxes; explained, if one of them or a region is on view. */
export function shownRequest (shown: Shown, photo: string): ShownRequest {
  const { tab, layer, reduce, region, expected, selected, precision } = shown
  if (tab === 'network' && layer !== undefined) {
    const parameters = { ...networkOf(shown), layers: layer, format: 'overlay', reduce: unlessDefault('reduce', reduce) }
    return { path: 'features', parameters, file: `${stemOf(photo)}.${layer}.overlay.jpg` }
  }
  const isPlain = tab === 'compare' || (!region && selected === undefined)
  if (isPlain && precision === undefined) return { path: 'detect', parameters: decodingOf(shown) } // detects in the model's own precision
  const place = isPlain ? {} : { region: region?.map(corner => Math.round(corner * 100) / 100).join(), label: region && expected }
  return { path: 'explain', parameters: { ...decodingOf(shown), precision, ...place } }
}

/** The model and thresholds, without those that the server has by default. */
export function decodingOf (shown: Pick<Shown, 'model' | 'score' | 'iou' | 'max' | 'classes'>): Parameters {
  const { score, iou, max, classes } = shown
  return {
    model: shown.model,
    score_threshold: unlessDefault('score', score),
    iou_threshold: unlessDefault('iou', iou),
    max_detections: unlessDefault('max', max),
    classes: classes.length > 0 ? classes.join() : undefined
  }
}

export const networkOf = ({ model, precision }: Pick<Shown, 'model' | 'precision'>): Parameters => ({ model, precision })

/** With commas as they are: a query may have them. */
export const addressOf = ({ path, parameters }: Pick<ShownRequest, 'path' | 'parameters'>): string => `${path}${queryOf(parameters).replaceAll('%2C', ',')}`

/** The name of a file without its extension. */
export const stemOf = (name: string): string => name.replace(/(?<=.)\.\w+$/, '') || 'photo'

const unlessDefault = <K extends 'score' | 'iou' | 'max' | 'reduce'>(member: K, value: State[K]): State[K] | undefined =>
  value === INITIAL[member] ? undefined : value
