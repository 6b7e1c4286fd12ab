import { typed } from '../logic/region.ts'
import type { App } from './app-context.ts'
import { h } from './dom.ts'

const NAMES = ['x1', 'y1', 'x2', 'y2'] as const
const TITLES = ['left', 'top', 'right', 'bottom'] as const

/** The region as numbers, and what is expected in it. */
export function mountRegionFields ({ store, actions }: App, root: HTMLElement, { remove }: { remove: () => void }): void {
  const corners = NAMES.map(() => h('input', { type: 'number', min: 0, step: 'any', inputmode: 'decimal', onchange: onNumbers }))
  const list = h('datalist', { id: 'region-labels' })
  const expected = h('input', { type: 'text', list: 'region-labels', placeholder: 'any object', autocomplete: 'off', onchange: onExpected })
  root.append(h('fieldset', { 'aria-label': 'Region in pixels of the photo' },
    h('label', {}, 'What should be here?', expected), list,
    ...NAMES.map((name, i) => h('label', { title: TITLES[i]! }, name, corners[i])),
    h('button', { type: 'button', onclick: remove }, 'Remove')))

  store.watch(({ region }) => region, region => {
    root.hidden = !region
    for (const [i, corner] of corners.entries()) corner.value = region ? String(region[i]) : ''
    for (const corner of corners) corner.setCustomValidity('')
  })
  store.watch(({ expected }) => expected, label => {
    expected.value = label ?? ''
    expected.setCustomValidity('')
  })
  store.watch(({ explanation }) => explanation?.labels, labels =>
    list.replaceChildren(...(labels ?? []).filter(Boolean).map(label => h('option', { value: label }))))

  function onNumbers (): void {
    const { explanation } = store.get()
    const region = explanation && typed(corners.map(({ value }) => value === '' ? NaN : Number(value)), explanation.image)
    corners[0]!.setCustomValidity(region ? '' : 'The region needs x1 < x2 and y1 < y2, on the photo')
    if (region) {
      store.set({ region })
      actions.explain()
    } else corners[0]!.reportValidity()
  }

  function onExpected (): void {
    const label = expected.value.trim()
    const isKnown = label === '' || store.get().explanation?.labels.includes(label)
    expected.setCustomValidity(isKnown ? '' : `The model does not know “${label}”`)
    if (isKnown) {
      store.set({ expected: label || undefined })
      actions.explain()
    } else expected.reportValidity()
  }
}
