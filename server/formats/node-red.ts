import { rounded } from '../../engine/numbers.ts'
import type { Recognized } from '../recognize.ts'

/**
 * `msg.annotations` of Node-RED's annotate-image node: boxes are x, y, width, height.
 * https://flows.nodered.org/node/node-red-node-annotate-image
 */
export const toNodeRed = ({ output: { objects } }: Recognized) => objects.map(({ label, box: [x1, y1, x2, y2] }) =>
  ({ type: 'rect', bbox: [x1, y1, x2 - x1, y2 - y1].map(value => rounded(value, 2)), label }))
