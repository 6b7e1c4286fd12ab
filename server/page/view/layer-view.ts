import type { FeatureMap } from '../../../engine/features/array.ts'
import { statisticsOf } from '../../../engine/features/statistics.ts'
import { formatNumber } from '../../../engine/features/svg.ts'
import type { Corners } from '../../../engine/explain/explanation.ts'
import { photoRange, type CellValue } from '../logic/heat-map.ts'
import { shapeText } from '../logic/layer-tree.ts'
import { fetchTensors } from '../logic/maps.ts'
import { channelIn, hasClasses, mapOf, modeOf, REDUCTIONS, scoreOf } from '../logic/reductions.ts'
import { candidateKey } from '../logic/shown.ts'
import type { State } from '../logic/state.ts'
import type { App } from './app-context.ts'
import { channelGrid, type GridLook } from './channel-grid.ts'
import { byId, h } from './dom.ts'
import { heatLegend } from './heat-canvas.ts'
import { heatStage } from './heat-stage.ts'

const CHANNEL = 'channel'

/** A layer: its map over the photo, what the colors mean, and its channels. */
export function mountLayerView ({ store, server, actions }: App): void {
  const view = h('section', { class: 'layer-view', 'aria-label': 'Layer' })
  byId('network').append(view)
  const readout = h('p', { class: 'readout', 'aria-live': 'polite' })
  const close = (): void => store.set({ layer: undefined })
  const stage = heatStage(cell => { readout.textContent = readoutText(cell) }, close)
  let feature: FeatureMap | undefined
  let classes: readonly string[] = []
  let opacity = 0.7
  let turn = 0

  store.watch(({ layer, photo, explanation, precision }) => [layer, photo, explanation?.model, explanation?.image.width, precision], load)
  store.watch(({ reduce, explanation, selected, region }) => [reduce, explanation, selected, region], show)

  async function load (_: unknown, { layer, photo, explanation, precision }: State): Promise<void> {
    const own = ++turn
    feature = undefined
    stage.show()
    if (layer === undefined || !photo || !explanation) return view.replaceChildren(hint(layer))
    view.replaceChildren(h('p', { class: 'quiet' }, `Loading ${layer} …`))
    const request = { model: explanation.model, precision, layers: [layer] }
    const found = await actions.attempt(() => fetchTensors(server, photo.blob, request))
    if (own !== turn) return
    feature = found?.get(layer)
    if (!feature) return view.replaceChildren(h('p', {}, `${layer} could not be loaded.`))
    classes = hasClasses(layer, feature.shape[1] ?? 0, explanation.labels) ? explanation.labels : []
    show()
  }

  function show (): void {
    const state = store.get()
    const { layer, explanation, reduce } = state
    if (layer === undefined || !explanation || !feature) return
    if (feature.shape.length !== 4) return view.replaceChildren(head(layer), h('p', {}, 'Its output is not a feature map: it cannot be shown.'))
    const mode = modeOf(reduce, feature.shape[1]!)
    const map = mapOf(explanation, layer, feature, reduce)
    const title = `${layer}, ${typeof mode === 'number' ? channelTitle(mode) : mode}`
    stage.show({ alignment: explanation, map, title })
    readout.textContent = readoutText(undefined)
    view.replaceChildren(
      head(layer), controls(mode), heatLegend(photoRange(explanation, map)), readout, statistics(feature),
      channelGrid(explanation, feature, {
        name: layer, place: placeOf(state), channel: channelIn(String(mode)), labels: classes, choose: chooseChannel
      }))
  }

  const head = (layer: string): HTMLElement => h('div', { class: 'layer-head' },
    h('h2', {}, layer), h('span', { class: 'quiet' }, feature ? shapeText(feature.shape) : ''),
    h('button', { type: 'button', onclick: close }, 'Close'))

  function controls (mode: string | number): HTMLElement {
    const options = [...REDUCTIONS, { name: CHANNEL, title: 'One channel', help: 'One channel' }]
    const chosen = typeof mode === 'number' ? CHANNEL : mode
    const select = h('select', { onchange: () => { setReduce(select.value === CHANNEL ? String(bestChannel()) : select.value) } },
      ...options.map(({ name, title, help }) => h('option', { value: name, selected: name === chosen, title: help }, title)))
    const slider = h('input', {
      type: 'range', min: 0, max: 1, step: 0.01, value: opacity, oninput: () => { opacity = slider.valueAsNumber; stage.fade(opacity) }
    })
    return h('div', { class: 'layer-controls' },
      h('label', {}, 'Show', select), typeof mode === 'number' ? channelField(mode) : undefined, h('label', {}, 'Opacity', slider))
  }

  function channelField (channel: number): HTMLElement {
    const field = h('input', {
      type: 'number', min: 0, max: feature!.shape[1]! - 1, value: channel, onchange: () => { if (field.validity.valid) setReduce(field.value) }
    })
    return h('label', {}, 'Channel', field, classes[channel] === undefined ? undefined : h('span', {}, classes[channel]))
  }

  /** Controls are made anew, but keep the focus. */
  function setReduce (reduce: string): void {
    const { tagName } = document.activeElement ?? {}
    store.set({ reduce })
    view.querySelector<HTMLElement>(tagName === 'INPUT' ? 'input[type=number]' : 'select')?.focus()
  }

  /** Tiles are made anew, but keep the focus. */
  function chooseChannel (channel: number): void {
    store.set({ reduce: String(channel) })
    view.querySelector<HTMLElement>(`[data-channel="${channel}"]`)?.focus({ preventScroll: true })
  }

  const bestChannel = (): number => Number(view.querySelector('[data-channel]')?.getAttribute('data-channel') ?? 0)
  const channelTitle = (channel: number): string => classes[channel] ?? `channel ${channel}`

  function readoutText (cell: CellValue | undefined): string {
    if (!cell) return 'Point at the photo to read the value of a cell.'
    const channel = channelIn(store.get().reduce)
    const score = channel !== undefined && channel < classes.length ? `, a score of ${scoreOf(cell.value).toFixed(4)}` : ''
    return `Cell ${cell.column}, ${cell.row}: ${cell.value.toPrecision(6).replace('-', '−')}${score}`
  }
}

const hint = (layer: string | undefined): HTMLElement => h('p', { class: 'quiet' }, layer === undefined
  ? 'Choose a layer to see its response over the photo.'
  : `Choose a photo to see the response of ${layer}.`)

function statistics (feature: FeatureMap): HTMLElement {
  const { min, max, mean, std, zeros, nonFinite } = statisticsOf(feature.data)
  const text = (value: number | null): string => value === null ? '–' : formatNumber(value)
  const facts: Array<[string, string]> = [
    ['Minimum', text(min)], ['Mean', text(mean)], ['Maximum', text(max)], ['Deviation', text(std)],
    ['Zeros', `${text(zeros === null ? null : zeros * 100)} %`],
    ...nonFinite > 0 ? [['Infinite or NaN', String(nonFinite)] as [string, string]] : []
  ]
  return h('dl', { class: 'statistics' }, ...facts.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))))
}

/** The drawn region, or the chosen box. */
function placeOf ({ explanation, region, selected }: State): GridLook['place'] {
  if (region) return { title: 'the drawn region', box: region }
  const candidate = explanation?.candidates.find(candidate => candidateKey(explanation, candidate) === selected)
  if (!explanation || !candidate) return undefined
  const box: Corners = explanation.cells[candidate.cell]!.box
  return { title: `the box of ${explanation.labels[candidate.class_id]}`, box }
}
