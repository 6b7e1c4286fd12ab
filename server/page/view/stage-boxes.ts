/** The drawings over the photo, in its pixels; `pixel` is the size of a pixel of the screen. */
import { nameOf } from '../logic/candidate-text.ts'
import { placeOf } from '../logic/cell-place.ts'
import { placeLabels, type Place } from '../logic/label-places.ts'
import { candidateKey } from '../logic/shown.ts'
import type { ExplainReply } from '../logic/server.ts'
import type { Corners, ExplainedCandidate } from '../../../engine/explain/explanation.ts'
import type { Size } from '../../../head/decode/boxes.ts'
import { colorOf } from './class-color.ts'
import { rectOf, svg } from './dom.ts'

/** Of labels, in pixels of the screen. */
const FONT = 13
const HEIGHT = 20
const PADDING = 6

export interface Shown {
  readonly key: string
  readonly name: string
  readonly box: Corners
  readonly classId: number
  readonly isKept: boolean
}

export function shownOf (explanation: ExplainReply, candidate: ExplainedCandidate): Shown {
  const { cell, class_id: classId, state } = candidate
  return {
    key: candidateKey(explanation, candidate),
    name: nameOf(explanation, candidate),
    box: explanation.cells[cell]!.box,
    classId,
    isKept: state === 'kept'
  }
}

/** Boxes with labels of the same size on every photo. */
export function drawBoxes (boxes: readonly Shown[], selected: string | undefined, photo: Size, pixel: number): SVGGElement[] {
  const labeled = boxes.map(({ name, box }) => ({ box, label: { width: (textWidth(name) + 2 * PADDING) * pixel, height: HEIGHT * pixel } }))
  const places = placeLabels(labeled, photo)
  return boxes.flatMap((shown, i) => [
    drawBox(shown, shown.key === selected),
    svg('g', { class: `${places[i]!.isFree ? 'tag' : 'tag crowded'} ${colorOf(shown.classId)}`, 'data-key': shown.key, 'aria-hidden': 'true' },
      ...tag(shown.name, places[i]!, labeled[i]!.label, pixel))
  ])
}

function drawBox ({ key, name, box, classId, isKept }: Shown, isSelected: boolean): SVGGElement {
  return svg('g', {
    class: `${isKept ? 'box' : 'chosen'} ${colorOf(classId)}${isSelected ? ' selected' : ''}`,
    'data-key': key,
    tabindex: 0,
    role: 'button',
    'aria-pressed': String(isSelected),
    'aria-label': name.replace(/ (?=\S+$)/, ', score ')
  }, svg('rect', { class: 'halo', ...rectOf(box) }), svg('rect', { class: 'frame', ...rectOf(box) }))
}

function tag (name: string, { x, y }: Place, { width, height }: Size, pixel: number): SVGElement[] {
  return [
    svg('rect', { x, y, width, height, rx: 3 * pixel }),
    svg('text', { x: x + PADDING * pixel, y: y + height * 0.72, 'font-size': FONT * pixel }, name)
  ]
}

/** What the chosen candidate suppressed. */
export function ghostsOf (
  explanation: ExplainReply, candidates: readonly ExplainedCandidate[], chosen: ExplainedCandidate
): SVGRectElement[] {
  return candidates
    .filter(candidate => candidate.state === 'suppressed' && candidates[candidate.by] === chosen)
    .map(candidate => svg('rect', {
      class: `ghost ${colorOf(candidate.class_id)}`,
      'data-key': candidateKey(explanation, candidate),
      ...rectOf(explanation.cells[candidate.cell]!.box)
    }))
}

/** The cell of a candidate, and the point in it. */
export function cellMark (explanation: ExplainReply, { cell }: ExplainedCandidate, pixel: number): SVGGElement {
  const { square, point: [cx, cy] } = placeOf(explanation, explanation.cells[cell]!)
  return svg('g', { class: 'cell', 'aria-hidden': 'true' },
    svg('rect', { class: 'halo', ...rectOf(square) }), svg('rect', { class: 'square', ...rectOf(square) }),
    svg('circle', { cx, cy, r: 4 * pixel }))
}

const widths = new Map<string, number>()
const context = document.createElement('canvas').getContext('2d')!

/** In pixels of the screen. */
function textWidth (text: string): number {
  context.font = `600 ${FONT}px system-ui, sans-serif`
  const width = widths.get(text) ?? context.measureText(text).width
  widths.set(text, width)
  return width
}
