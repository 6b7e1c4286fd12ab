import { NanodetApiError } from '../../../client/api-error.ts'
import { countClasses, foundIn, isComparing, modelOf, pairUp, sidesOf } from '../logic/compare.ts'
import type { State } from '../logic/state.ts'
import type { App } from './app-context.ts'
import { mountChoices } from './compare-choices.ts'
import { mountLayerDifferences } from './compare-layers.ts'
import { classTable, pairTable } from './compare-objects.ts'
import { createSide } from './compare-side.ts'
import { byId, h } from './dom.ts'

/** The tab that shows two photos, models or precisions side by side. */
export function mountCompare (app: App): void {
  const { store } = app
  const left = createSide('Left', () => app.actions.explain())
  const right = createSide('Right', () => explainRight())
  const sides = h('div', { class: 'sides' }, left.element, right.element)
  const objects = h('div', { class: 'objects' })
  const layers = h('section', { class: 'layers', 'aria-labelledby': 'layers-title' })
  byId('compare').append(mountChoices(app), sides, objects, layers)
  for (const event of ['pointerover', 'focusin']) byId('compare').addEventListener(event, ({ target }) => mark(target as Element))
  byId('compare').addEventListener('pointerleave', () => mark(undefined))
  mountLayerDifferences(app, layers)
  let latest = 0

  store.watch(state => [state.tab === 'compare' && isComparing(state), ...Object.values(sidesOf(state).right)], ([isWanted]) => {
    if (isWanted) explainRight()
  })
  store.watch(({ tab }) => tab === 'compare', isShown => { if (isShown) refreshModels() })
  store.watch(shownParts, (_, state) => { if (state.tab === 'compare') show(state) })

  async function explainRight (): Promise<void> {
    const { photo, ...parameters } = sidesOf(store.get()).right
    const turn = ++latest
    store.set({ otherBusy: true, otherExplanation: undefined, otherProblem: undefined })
    const result = await app.server.explain(photo!.blob, parameters)
      .then(otherExplanation => ({ otherExplanation }), (error: Error) => problemOf(error))
    if (turn !== latest) return
    store.set({ otherBusy: false, ...result })
    if (modelOf(store.get(), parameters.model)?.state !== 'ready') await refreshModels()
  }

  /** A model's precisions are known once it is loaded. */
  async function refreshModels (): Promise<void> {
    const models = await app.server.models().catch(() => undefined) // the list that is there still serves
    if (models) store.set({ models })
  }

  function show (state: State): void {
    const isShown = isComparing(state)
    for (const part of [sides, objects]) part.hidden = !isShown
    if (!isShown) return
    const { explanation, otherExplanation, otherPhoto } = state
    const [a, b] = [explanation, otherExplanation].map(reply => reply ? foundIn(reply, state) : [])
    const pairs = otherPhoto ? [...a!.map(left => ({ left })), ...b!.map(right => ({ right }))] : pairUp(a!, b!)
    const { left: leftSide, right: rightSide } = sidesOf(state)
    const { models, busy, problem, otherBusy, otherProblem } = state
    left.show({ ...leftSide, models, reply: explanation, busy, problem }, pairs.map(({ left }) => left))
    right.show({ ...rightSide, models, reply: otherExplanation, busy: otherBusy, problem: otherProblem }, pairs.map(({ right }) => right))
    objects.replaceChildren(...explanation && otherExplanation ? [otherPhoto ? classTable(countClasses(a!, b!)) : pairTable(pairs)] : [])
  }
}

const shownParts = (state: State): unknown[] => [
  state.tab, isComparing(state), state.models, state.score, state.iou, state.max, state.classes,
  state.photo, state.explanation, state.busy, state.problem,
  state.otherPhoto, state.otherExplanation, state.otherBusy, state.otherProblem, ...Object.values(sidesOf(state).right)
]

/** Highlights an object on both sides and in the table. */
function mark (target: Element | undefined): void {
  const pair = target?.closest('[data-pair]')?.getAttribute('data-pair')
  for (const element of byId('compare').querySelectorAll('[data-pair]')) {
    element.classList.toggle('marked', element.getAttribute('data-pair') === pair)
  }
}

const problemOf = (error: Error): Partial<State> =>
  ({ otherProblem: error.message, ...error instanceof NanodetApiError && error.statusCode === 401 && { needsKey: true } })
