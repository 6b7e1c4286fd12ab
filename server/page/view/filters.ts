import { listText } from '../logic/candidate-text.ts'
import { countClasses, isShown, judged } from '../logic/shown.ts'
import { INITIAL } from '../logic/state.ts'
import type { App } from './app-context.ts'
import { colorOf } from './class-color.ts'
import { byId, h } from './dom.ts'

type Threshold = 'score' | 'iou' | 'max'

const TITLES: Readonly<Record<Threshold, string>> = {
  score: 'Boxes with a higher score are shown',
  iou: 'Of boxes of one class that overlap more, only the best is kept',
  max: 'Most boxes that are kept'
}

/** Sliders and class chips. They filter the candidates that the page has: nothing is requested. */
export function mountFilters ({ store }: App): void {
  const chips = h('div', { class: 'chips', role: 'group', 'aria-label': 'Classes' })
  const note = h('p', { class: 'quiet' })
  const { score, iou, max } = INITIAL
  byId('filters').append(
    h('div', { class: 'sliders' },
      slider('score', 'Score', { min: 0.01, max: 0.99, step: 0.01 }),
      slider('iou', 'IoU', { min: 0, max: 1, step: 0.01 }),
      slider('max', 'Maximum', { min: 1, max: 100, step: 1 }),
      h('button', { type: 'button', onclick: () => store.set({ score, iou, max, classes: [] }) }, 'Reset')),
    chips, note)
  store.watch(state => state.explanation, explanation => { byId('filters').hidden = !explanation })
  store.watch(state => [state.explanation, state.score, state.iou, state.max, state.classes], (_, state) => {
    if (!state.explanation) return
    showChips(state.explanation.labels, countClasses(judged(state.explanation, state), state.explanation.labels), state.classes)
    note.textContent = listText(state.explanation, state.score)
  })

  function slider (name: Threshold, label: string, range: { min: number, max: number, step: number }): HTMLElement {
    const set = ({ target }: { target: HTMLInputElement }): void => {
      const value = target.valueAsNumber
      if (target.validity.valid && !Number.isNaN(value)) store.set({ [name]: value })
    }
    const inputs = [
      h('input', { type: 'range', ...range, 'aria-label': label, oninput: set }),
      h('input', { type: 'number', ...range, 'aria-label': `${label}, value`, oninput: set })
    ]
    store.watch(state => state[name], value => {
      for (const input of inputs) if (input.valueAsNumber !== value) input.value = String(value)
    })
    return h('div', { class: 'slider' }, h('span', { title: TITLES[name] }, label), ...inputs)
  }

  function showChips (labels: readonly string[], counts: Map<string, number>, classes: readonly string[]): void {
    const focused = document.activeElement?.getAttribute('data-label')
    const offered = [...new Set([...counts.keys(), ...classes])]
    chips.hidden = offered.length === 0
    chips.replaceChildren(
      h('button', { type: 'button', 'aria-pressed': String(classes.length === 0), onclick: () => store.set({ classes: [] }) }, 'All classes'),
      ...offered.map(label => h('button', {
        type: 'button', 'data-label': label, 'aria-pressed': String(classes.length > 0 && isShown(label, classes)), onclick: () => toggle(label)
      }, h('span', { class: `swatch ${colorOf(Math.max(0, labels.indexOf(label)))}` }), `${label} ${counts.get(label) ?? 0}`)))
    ;[...chips.querySelectorAll('button')].find(chip => chip.dataset.label === focused && focused !== undefined)?.focus()
  }

  function toggle (label: string): void {
    const { classes } = store.get()
    store.set({ classes: classes.includes(label) ? classes.filter(other => other !== label) : [...classes, label] })
  }
}
