import { expectation } from '../../../engine/explain/distributions.ts'
import type { Cell, ExplainedCandidate } from '../../../engine/explain/explanation.ts'
import { candidateKey, judged } from '../logic/shown.ts'
import type { ExplainReply } from '../logic/server.ts'
import type { State } from '../logic/state.ts'
import type { App } from './app-context.ts'
import { byId, h, svg } from './dom.ts'

const BEST = 10

/** Where the selected candidate comes from: its cell, class scores, distances, and what it suppressed. */
export function mountBoxPanel ({ store }: App): void {
  const panel = h('div', { class: 'box-panel' })
  byId('boxes').append(panel)
  store.watch(({ explanation, selected, score, iou, max }) => [explanation, selected, score, iou, max], (_, state) => {
    panel.replaceChildren(...contents(state))
  })

  function contents (state: State): Node[] {
    const { explanation, selected } = state
    if (!explanation) return [h('p', { class: 'quiet' }, 'Open a photo to see its objects.')]
    const candidates = judged(explanation, state)
    const candidate = candidates.find(one => candidateKey(explanation, one) === selected)
    if (!candidate) return [h('p', { class: 'quiet' }, 'Click a box to see how the network found it.')]
    const cell = explanation.cells[candidate.cell]!
    return [...facts(explanation, candidates, candidate), classScores(explanation, cell, state.score),
      distances(explanation, cell), suppressed(explanation, candidates, candidate)]
  }

  function suppressed (explanation: ExplainReply, candidates: readonly ExplainedCandidate[], chosen: ExplainedCandidate): HTMLElement {
    const items = candidates.flatMap(candidate => candidate.state === 'suppressed' && candidates[candidate.by] === chosen
      ? [h('li', {}, h('button', { type: 'button', onclick: () => store.set({ selected: candidateKey(explanation, candidate) }) },
          `score ${candidate.score.toFixed(3)}, IoU ${candidate.iou.toFixed(2)}`))]
      : [])
    return h('section', { class: 'suppressed' }, h('h2', {}, `Suppressed boxes: ${items.length}`), h('ul', {}, ...items))
  }
}

function facts (
  { cells, labels, levels, offset }: ExplainReply, candidates: readonly ExplainedCandidate[], candidate: ExplainedCandidate
): Node[] {
  const { level, column, row, box: [x1, y1, x2, y2] } = cells[candidate.cell]!
  const { stride } = levels[level]!
  const rows: Array<[string, string]> = [
    ['Score', candidate.score.toFixed(4)],
    ['State', stateText(candidate, candidates)],
    ['Level', `stride ${stride} px`],
    ['Cell', `column ${column}, row ${row}`],
    ['Point', `${(column + offset) * stride}, ${(row + offset) * stride} px of the input`],
    ['Box before NMS', `${[x1, y1, x2, y2].join(', ')} px`],
    ['Size', `${(x2 - x1).toFixed(2)} × ${(y2 - y1).toFixed(2)} px`]
  ]
  return [h('h2', {}, labels[candidate.class_id]!), h('dl', {}, ...rows.flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]))]
}

function stateText (candidate: ExplainedCandidate, candidates: readonly ExplainedCandidate[]): string {
  if (candidate.state !== 'suppressed') return candidate.state.replace('_', ' ')
  return `suppressed by the box with score ${candidates[candidate.by]!.score.toFixed(3)}, IoU ${candidate.iou.toFixed(2)}`
}

function classScores ({ labels }: ExplainReply, { class_scores: scores }: Cell, threshold: number): HTMLElement {
  if (!scores) return h('p', { class: 'quiet' }, 'Details are sent for the best cells only.')
  const sorted = scores.map((score, id) => ({ label: labels[id]!, score: score / 1e4 })).toSorted((a, b) => b.score - a.score)
  const bars = sorted.map(({ label, score }) => h('div', { class: 'bar' }, h('span', {}, label),
    svg('svg', { viewBox: '0 0 100 8', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
      svg('rect', { width: score * 100, height: 8 }), svg('line', { x1: threshold * 100, x2: threshold * 100, y2: 8 })),
    h('span', {}, score.toFixed(4))))
  return h('section', { class: 'scores' }, h('h2', {}, 'Class scores of the cell'), ...bars.slice(0, BEST),
    h('details', {}, h('summary', {}, `All ${bars.length}`), ...bars.slice(BEST)))
}

function distances ({ levels, warp: { scale } }: ExplainReply, { level, distributions }: Cell): HTMLElement {
  const { stride } = levels[level]!
  const histograms = (distributions ?? []).map((bins, side) => {
    const mean = expectation(bins)
    const pixels = mean * stride / scale[side % 2]!
    return h('figure', {}, h('figcaption', {}, `${['left', 'top', 'right', 'bottom'][side]!}: ${mean.toFixed(2)} strides, ${pixels.toFixed(1)} px`),
      svg('svg', { viewBox: `-0.5 0 ${bins.length} 1`, preserveAspectRatio: 'none', 'aria-hidden': 'true' },
        ...bins.map((mass, bin) => svg('rect', { x: bin - 0.4, y: 1 - mass / 1e6, width: 0.8, height: mass / 1e6 })),
        svg('line', { x1: mean, x2: mean, y2: 1 })))
  })
  return h('section', { class: 'distances' }, h('h2', {}, 'Distances from the point'), ...histograms)
}
