/** What the head predicted in a cell, as charts. */
import { expectation } from '../../../engine/explain/distributions.ts'
import type { Cell } from '../../../engine/explain/explanation.ts'
import type { ExplainReply } from '../logic/server.ts'
import { colorOf } from './class-color.ts'
import { h, svg } from './dom.ts'

const BEST = 5
const SIDES = ['left', 'top', 'right', 'bottom'] as const

/** The scores of all classes in the cell, as bars with a line at the threshold. */
export function classScores ({ labels }: ExplainReply, { class_scores: scores }: Cell, threshold: number): HTMLElement {
  if (!scores) return h('p', { class: 'quiet' }, 'The server sends class scores and distances of the best cells only.')
  const bars = scores.map((score, id) => ({ id, score: score / 1e4 })).toSorted((a, b) => b.score - a.score).map(({ id, score }) =>
    h('div', { class: `bar ${colorOf(id)}` }, h('span', {}, labels[id] || `class ${id}`),
      svg('svg', { viewBox: '0 0 100 8', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
        svg('rect', { width: score * 100, height: 8 }), svg('line', { x1: threshold * 100, x2: threshold * 100, y2: 8 })),
      h('span', {}, score.toFixed(4))))
  return h('section', { class: 'scores' }, h('h3', {}, 'Class scores in the cell'), ...bars.slice(0, BEST),
    bars.length > BEST ? h('details', {}, h('summary', {}, `All ${bars.length}`), ...bars.slice(BEST)) : undefined)
}

/** The distributions of the distances from the point to the box's sides. */
export function distances ({ levels, warp: { scale } }: ExplainReply, { level, distributions }: Cell): HTMLElement | Text {
  if (!distributions) return new Text()
  const { stride } = levels[level]!
  return h('section', { class: 'distances' },
    h('h3', {}, 'Distances from the point to the sides'),
    h('p', { class: 'quiet' }, `Probability of each distance, in strides of ${stride} px; the line is the mean, which makes the box.`),
    ...distributions.map((bins, side) => histogram(bins, SIDES[side]!, stride / scale[side % 2]!)))
}

/** @param pixels of the photo per stride */
function histogram (bins: readonly number[], side: string, pixels: number): HTMLElement {
  const mean = expectation(bins)
  const most = Math.max(...bins)
  return h('figure', {},
    h('figcaption', {}, h('strong', {}, side), ` ${mean.toFixed(2)} strides, ${(mean * pixels).toFixed(1)} px`),
    svg('svg', { viewBox: `-0.5 0 ${bins.length} 1`, preserveAspectRatio: 'none', 'aria-hidden': 'true' },
      ...bins.map((mass, bin) => svg('rect', { x: bin - 0.4, y: 1 - mass / most, width: 0.8, height: mass / most },
        svg('title', {}, `${bin} strides, ${(bin * pixels).toFixed(0)} px: ${(mass / 1e4).toFixed(1)} %`))),
      svg('line', { x1: mean, x2: mean, y2: 1 })),
    h('div', { class: 'ticks', 'aria-hidden': 'true' }, ...bins.map((_, bin) => h('span', {}, String(bin)))))
}
