import { compact, shapeText, type LayerNode } from '../logic/layer-tree.ts'
import type { Alignment } from '../logic/heat-map.ts'
import type { LayerMap } from '../logic/maps.ts'
import { h } from './dom.ts'
import { heatCanvas } from './heat-canvas.ts'

export interface RowLook {
  readonly isOpen: boolean
  readonly isChosen: boolean
  readonly isFocused: boolean
  /** Of the whole network. */
  readonly macs: number | undefined
  /** Measured, and of the whole network. */
  readonly ms: number | undefined
  readonly totalMs: number | undefined
  /** Of the photo; without it, or without a map, a row has no picture. */
  readonly alignment: Alignment | undefined
  readonly map: LayerMap | undefined
}

const LONGEST_SIDE = 96

/** A layer of the tree: its response, name, output and costs. */
export function layerRow (node: LayerNode, look: RowLook): HTMLElement {
  const { name, title, level, alias, kind, shape, stride, parameters, macs, obstacle, children } = node
  const isParent = children.length > 0
  const row = h('div', {
    class: obstacle === undefined ? 'layer' : 'layer unavailable',
    role: 'treeitem',
    'data-layer': name,
    title: obstacle ?? name,
    tabindex: look.isFocused ? 0 : -1,
    'aria-level': level,
    'aria-selected': String(look.isChosen),
    'aria-expanded': isParent ? String(look.isOpen) : undefined
  },
  h('span', { class: 'twist', 'aria-hidden': 'true' }, isParent ? (look.isOpen ? '▾' : '▸') : ''),
  h('span', { class: 'thumbnail' }, picture(look)),
  h('span', { class: 'name' }, title, alias !== undefined && alias !== title ? h('em', {}, alias) : undefined,
    h('small', {}, [kind, shape && shapeText(shape), stride === undefined ? '' : `stride ${stride}`].filter(Boolean).join(' · '))),
  h('span', { class: 'costs' },
    parameters ? h('span', {}, `${compact(parameters)} parameters`) : undefined,
    macs ? share(`${compact(macs)} MACs`, macs, look.macs) : undefined,
    look.ms === undefined ? undefined : share(`${look.ms.toFixed(2)} ms`, look.ms, look.totalMs, 'time')))
  row.style.setProperty('--level', String(level))
  return row
}

const picture = ({ alignment, map }: RowLook): HTMLElement | undefined =>
  alignment && map ? heatCanvas(alignment, map, { longest: LONGEST_SIDE }) : undefined

/** A number and its share of the whole as a bar. */
function share (text: string, part: number, whole: number | undefined, kind = 'macs'): HTMLElement {
  const bar = h('i', { class: 'bar' })
  const percent = whole ? 100 * part / whole : 0
  bar.style.setProperty('--share', `${percent}%`)
  return h('span', { class: kind, title: `${percent.toFixed(1)} % of the network` }, text, bar)
}
