import type { LevelScores, RegionExplanation } from '../../../engine/explain/explanation.ts'
import { thresholdBelow } from '../../../engine/explain/sentences.ts'
import { SEEN } from '../../../engine/explain/verdict.ts'
import { counted } from '../../../engine/numbers.ts'
import { judgedRegion, keyOf, layerTitle, MEANINGS, rankText, verdictKey, type JudgedRegion } from '../logic/region-verdict.ts'
import type { ExplainReply } from '../logic/server.ts'
import type { State } from '../logic/state.ts'
import type { App } from './app-context.ts'
import { byId, h, svg } from './dom.ts'
import { mountStageMaps } from './stage-maps.ts'

/** Classes shown for each level, and the expected one. */
const LISTED = 3

/** Why nothing was found in the region: the verdict, and the numbers that show it. Moved sliders change it without a request. */
export function mountVerdictPanel (app: App): void {
  const { store, actions } = app
  const panel = byId('verdict')
  const verdict = h('div', { role: 'status' })
  const numbers = h('div')
  const maps = h('div')
  panel.append(h('h2', {}, 'The place you marked'), verdict, maps, numbers)
  mountStageMaps(app, maps)

  store.watch(({ region, explanation, busy, score, iou, max }) => [region, explanation, busy, score, iou, max], (_, state) => {
    panel.hidden = !state.region || !state.photo
    panel.setAttribute('aria-busy', String(state.busy))
    if (!panel.hidden) show(state)
  })

  function show (state: State): void {
    const { explanation, busy } = state
    const judgedNow = explanation && judgedRegion(explanation, state)
    numbers.hidden = !judgedNow
    if (!judgedNow) return verdict.replaceChildren(...noAnswer(busy))
    verdict.replaceChildren(
      h('p', { class: 'sentence', 'data-kind': judgedNow.verdict.kind }, judgedNow.verdict.sentence),
      h('p', { class: 'meaning' }, MEANINGS[judgedNow.verdict.kind]),
      h('div', { class: 'deeds' }, ...deeds(explanation, judgedNow)))
    numbers.replaceChildren(...stages(judgedNow.region), ...levels(explanation, judgedNow.region, state.score))
  }

  const noAnswer = (busy: boolean): HTMLElement[] => busy
    ? [h('p', { class: 'quiet' }, 'The network looks at this place…')]
    : [h('p', {}, 'This place has no explanation yet. '), h('button', { type: 'button', onclick: () => actions.explain() }, 'Try again')]

  /** What helps, and the box that it is about. */
  function deeds (explanation: ExplainReply, judgedNow: JudgedRegion): HTMLElement[] {
    const { kind, score = 0 } = judgedNow.verdict
    const threshold = thresholdBelow(score)
    const key = verdictKey(explanation, judgedNow)
    const lower = kind === 'below_threshold' && button(`Lower the score threshold to ${threshold.toFixed(2)}`, () => store.set({ score: threshold }), 'primary')
    return [...lower ? [lower] : [], ...key === undefined ? [] : [button('Select its box', () => select(key))]]
  }

  function levels (explanation: ExplainReply, { levels, class_id: expected }: RegionExplanation, threshold: number): HTMLElement[] {
    const listed = levels.map(scores => ({ ...scores, best: scores.best.filter(({ class_id: id }, i) => i < LISTED || id === expected) }))
    return [
      h('h3', {}, 'Best classes of each head level'),
      h('p', { class: 'quiet' }, `The score threshold is ${threshold.toFixed(2)}, marked in the bars.`),
      h('table', {}, ...listed.map((scores, level) => levelRows(explanation, scores, level, threshold)))
    ]
  }

  function levelRows (explanation: ExplainReply, { stride, cells, best }: LevelScores, level: number, threshold: number): HTMLElement {
    return h('tbody', {},
      h('tr', {}, h('th', { colspan: 4, scope: 'rowgroup' }, `stride ${stride} px · ${counted(cells, 'cell')} here`)),
      ...best.map(found => {
        const cell = `column ${found.column}, row ${found.row}`
        const key = keyOf(explanation, level, found)
        return h('tr', {},
          h('td', { class: 'label' }, found.label), h('td', { class: 'share' }, bar(found.score, threshold)), h('td', {}, found.score.toFixed(3)),
          h('td', {}, key === undefined ? cell : button(cell, () => select(key), 'cell')))
      }))
  }

  function select (key: string): void {
    store.set({ selected: key, tab: 'boxes' })
  }
}

function stages ({ layers }: RegionExplanation): HTMLElement[] {
  if (layers.length === 0) return [h('p', { class: 'quiet' }, 'The stages of this model are unknown: its file is a graph without names for them.')]
  return [
    h('h3', {}, 'Response of each stage and level'),
    h('p', { class: 'quiet' }, `The strongest cell here, compared with all cells on the photo. Above the mark at ${SEEN * 100} %, a stage sees something.`),
    h('table', {}, ...layers.map(({ layer, rank }) => h('tr', {},
      h('th', { scope: 'row' }, layerTitle(layer)), h('td', { class: 'share' }, bar(rank, SEEN)), h('td', { class: 'words' }, rankText(rank)))))
  ]
}

const button = (text: string, onclick: () => void, look?: string): HTMLButtonElement => h('button', { type: 'button', class: look, onclick }, text)

/** A share of 1, and a mark. */
const bar = (share: number, mark: number): SVGSVGElement =>
  svg('svg', { class: 'share', viewBox: '0 0 100 10', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    svg('rect', { class: 'ground', width: 100, height: 10 }),
    svg('rect', { class: 'part', width: share * 100, height: 10 }),
    svg('path', { class: 'mark', d: `M${mark * 100} 0v10` }))
