import type { ClassCount, Found, Pair } from '../logic/compare.ts'
import { h } from './dom.ts'

/** The objects that both sides found, then those of one side. Rows can be focused: that highlights their boxes. */
export function pairTable (pairs: readonly Pair[]): HTMLElement {
  if (pairs.length === 0) return h('p', { class: 'quiet' }, 'Neither side found objects above the score threshold.')
  const both = pairs.filter(({ left, right }) => left && right).length
  const [left, right] = [pairs.filter(({ right }) => !right).length, pairs.filter(({ left }) => !left).length]
  return table(`${both} on both sides, ${left} only on the left, ${right} only on the right`, ['Object', 'Left', 'Right', 'IoU'],
    pairs.map(({ left, right, iou }, i) => h('tr', { 'data-pair': i, tabindex: 0 },
      h('th', { scope: 'row' }, (left ?? right)!.label), score(left), score(right), h('td', {}, iou?.toFixed(2) ?? '')))
  )
}

/** How many objects of each class are on two different photos. */
export function classTable (counts: readonly ClassCount[]): HTMLElement {
  if (counts.length === 0) return h('p', { class: 'quiet' }, 'Neither photo has objects above the score threshold.')
  return table('Objects by class', ['Class', 'Left', 'Right'], counts.map(({ label, left, right }) =>
    h('tr', {}, h('th', { scope: 'row' }, label), h('td', {}, String(left)), h('td', {}, String(right)))))
}

function table (caption: string, heads: readonly string[], rows: readonly HTMLElement[]): HTMLElement {
  return h('table', {}, h('caption', {}, caption),
    h('thead', {}, h('tr', {}, ...heads.map(head => h('th', { scope: 'col' }, head)))), h('tbody', {}, ...rows))
}

const score = (found: Found | undefined): HTMLElement =>
  found ? h('td', {}, found.score.toFixed(2)) : h('td', { class: 'quiet', 'aria-label': 'not found' }, '–')
