import type { ExplainedCandidate } from '../../../engine/explain/explanation.ts'
import { nameOf, stateText } from '../logic/candidate-text.ts'
import { inputPoint, placeOf } from '../logic/cell-place.ts'
import { candidateKey, isShown, judged } from '../logic/shown.ts'
import type { ExplainReply } from '../logic/server.ts'
import type { State } from '../logic/state.ts'
import type { App } from './app-context.ts'
import { classScores, distances } from './box-charts.ts'
import { colorOf } from './class-color.ts'
import { byId, h } from './dom.ts'

type Candidates = readonly ExplainedCandidate[]
type TextOf = (candidate: ExplainedCandidate) => string

/** Rows of a list, and of the list of objects; the others are below a summary. */
const FEW = 8
const MANY = 20

/** Where the selected candidate comes from: its cell, class scores, distances, and what it suppressed. Without one, all objects. */
export function mountBoxPanel ({ store, actions }: App): void {
  const panel = h('div', { class: 'box-panel' })
  byId('boxes').append(panel)
  store.watch(shownParts, (_, state) => {
    const hadFocus = panel.contains(document.activeElement)
    panel.replaceChildren(...contents(state))
    if (hadFocus) panel.querySelector<HTMLElement>('h2')?.focus()
  })

  function contents (state: State): Node[] {
    const { explanation, selected, busy, photo } = state
    if (!explanation) return photo && !busy ? noResult() : [h('p', { class: 'quiet' }, busy ? 'Looking for objects…' : 'Open a photo to see its objects here.')]
    const candidates = judged(explanation, state)
    const candidate = candidates.find(one => candidateKey(explanation, one) === selected)
    if (!candidate) return overview(explanation, candidates, state)
    const cell = explanation.cells[candidate.cell]!
    return [...facts(explanation, candidates, candidate, state), classScores(explanation, cell, state.score), distances(explanation, cell),
      list('suppressed', 'Boxes that it suppressed', explanation,
        candidates.filter(other => other.state === 'suppressed' && candidates[other.by] === candidate), overlapText),
      list('same-cell', 'Other candidates in this cell', explanation,
        candidates.filter(other => other.cell === candidate.cell && other !== candidate), other => stateText(other, state))]
  }

  const noResult = (): Node[] => [
    h('p', {}, 'This photo has no result yet. '), h('button', { type: 'button', onclick: () => actions.explain() }, 'Try again')
  ]

  function overview (explanation: ExplainReply, candidates: Candidates, { classes }: State): Node[] {
    const kept = candidates.filter(({ state, class_id: id }) => state === 'kept' && isShown(explanation.labels[id]!, classes))
    if (kept.length === 0) {
      return [heading('No objects'), h('p', { class: 'quiet' }, 'Lower the score, or draw a box on the photo around an object to learn why it was missed.')]
    }
    return [heading('Objects'), h('p', { class: 'quiet' }, 'Click a box to see how the network found it.'),
      ...folded(kept, MANY, candidate => row(explanation, candidate, ''))]
  }

  function list (
    name: string, title: string, explanation: ExplainReply, candidates: Candidates, text: TextOf
  ): HTMLElement {
    return h('section', { class: name }, h('h3', {}, `${title}: ${candidates.length || 'none'}`),
      ...folded(candidates, FEW, candidate => row(explanation, candidate, text(candidate))))
  }

  function row (explanation: ExplainReply, candidate: ExplainedCandidate, text: string): HTMLElement {
    const key = candidateKey(explanation, candidate)
    const { box: [x1, y1, x2, y2] } = explanation.cells[candidate.cell]!
    const point = (): void => store.set({ pointedAt: key })
    const leave = (): void => store.set({ pointedAt: undefined })
    return h('li', {}, h('button', {
      type: 'button',
      onclick: () => store.set({ selected: key, pointedAt: undefined }),
      onpointerenter: point,
      onpointerleave: leave,
      onfocus: point,
      onblur: leave
    }, h('span', {}, h('span', { class: `swatch ${colorOf(candidate.class_id)}` }), nameOf(explanation, candidate)),
    h('span', { class: 'quiet' }, text || `${Math.round(x2 - x1)} × ${Math.round(y2 - y1)} px`)))
  }

  function facts (explanation: ExplainReply, candidates: Candidates, candidate: ExplainedCandidate, state: State): Node[] {
    const { class_id: classId, score } = candidate
    const rows = [
      ['Score', score.toFixed(4)], ['State', fate(explanation, candidates, candidate, state)], ...placeRows(explanation, candidate)
    ] as const
    return [
      h('button', { type: 'button', class: 'back', onclick: () => store.set({ selected: undefined }) }, '← All objects'),
      heading(h('span', {}, h('span', { class: `swatch ${colorOf(classId)}` }), explanation.labels[classId]!)),
      h('dl', {}, ...rows.flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]))
    ]
  }

  function fate (explanation: ExplainReply, candidates: Candidates, candidate: ExplainedCandidate, state: State): Node | string {
    if (candidate.state !== 'suppressed') return stateText(candidate, state)
    const by = candidates[candidate.by]!
    const go = (): void => store.set({ selected: candidateKey(explanation, by) })
    const link = h('button', { type: 'button', class: 'link', onclick: go }, nameOf(explanation, by))
    return h('span', {}, 'Suppressed by ', link, ` (IoU ${candidate.iou.toFixed(2)})`)
  }
}

const shownParts = ({ explanation, busy, selected, score, iou, max, classes }: State): unknown[] =>
  [explanation, busy, selected, score, iou, max, classes]

const heading = (content: Node | string): HTMLElement => h('h2', { tabindex: -1 }, content)

/** A list whose rows after the first ones are made when they are asked for: there are up to 100 at every step of a slider. */
function folded (candidates: Candidates, count: number, row: (candidate: ExplainedCandidate) => HTMLElement): HTMLElement[] {
  const list = h('ul', { class: 'candidates' }, ...candidates.slice(0, count).map(row))
  const others = candidates.slice(count)
  if (others.length === 0) return [list]
  const rest = h('ul', { class: 'candidates' })
  const open = (): void => rest.replaceChildren(...others.map(row))
  return [list, h('details', { ontoggle: open }, h('summary', {}, `${others.length} more`), rest)]
}

function overlapText (candidate: ExplainedCandidate): string {
  return candidate.state === 'suppressed' ? `IoU ${candidate.iou.toFixed(2)}` : ''
}

function placeRows (explanation: ExplainReply, { cell }: ExplainedCandidate): Array<readonly [string, string]> {
  const { level, column, row, box: [x1, y1, x2, y2] } = explanation.cells[cell]!
  const { stride } = explanation.levels[level]!
  const { point, size } = placeOf(explanation, explanation.cells[cell]!)
  return [
    ['Level', `stride ${stride}: a cell is ${stride} px of the input, ${size[0].toFixed(1)} px of the photo`],
    ['Cell', `column ${column}, row ${row}`],
    ['Point', `${point.map(value => value.toFixed(1)).join(', ')} px (input: ${inputPoint(explanation, explanation.cells[cell]!).join(', ')} px)`],
    ['Box', `${[x1, y1, x2, y2].join(', ')} px`],
    ['Size', `${(x2 - x1).toFixed(1)} × ${(y2 - y1).toFixed(1)} px`]
  ]
}
