import type { FeatureMap } from '../../../engine/features/array.ts'
import { isComparing, modelOf, sidesOf, type Side } from '../logic/compare.ts'
import { bytesOf, compareLayers, differenceMap, sharedLayers, type ComparedLayer, type SharedLayer } from '../logic/difference.ts'
import { fetchTensors, type LayerMap } from '../logic/maps.ts'
import type { ExplainReply } from '../logic/server.ts'
import type { Photo, State } from '../logic/state.ts'
import type { App } from './app-context.ts'
import { h, svg } from './dom.ts'
import { heatCanvas, heatLegend } from './heat-canvas.ts'

type Tensors = ReadonlyMap<string, FeatureMap>

interface Loaded {
  readonly layers: readonly SharedLayer[]
  readonly left: Tensors
  readonly right: Tensors
  readonly rows: readonly ComparedLayer[]
}

/** How far each layer of the two sides is apart: a table, and a map of one layer over the photo. */
export function mountLayerDifferences ({ store, server }: App, section: HTMLElement): void {
  const content = h('div', { 'aria-live': 'polite' })
  const picture = h('div')
  section.append(h('h2', { id: 'layers-title' }, 'Differences by layer'), content, picture)
  let turn = 0
  let loaded: Loaded | undefined

  store.watch(readiness, ([isShown, isReady, isSamePhoto]) => {
    section.hidden = !isShown
    turn++
    loaded = undefined
    picture.replaceChildren()
    if (!isSamePhoto) return content.replaceChildren(quiet('Layers can be compared on one photo only. Choose “Same photo”.'))
    content.replaceChildren(quiet('Waiting for both sides …'))
    if (isShown && isReady) offer(turn)
  })
  store.watch(({ differenceLayer }) => differenceLayer, showChosen)

  async function offer (own: number): Promise<void> {
    const [left, right] = namesOf(store.get())
    const layers = await settle(Promise.all([server.layers(left), left === right ? [] : server.layers(right)]), own)
    if (!layers) return
    const shared = left === right ? sharedLayers(layers[0], layers[0]) : sharedLayers(...layers)
    if (shared.length === 0) {
      content.replaceChildren(quiet('The layers of these models can\'t be compared: the models share no named layers.'))
    } else if (store.get().differenceLayer !== undefined) await load(shared, own)
    else content.replaceChildren(startButton(shared, own))
  }

  function startButton (layers: readonly SharedLayer[], own: number): HTMLElement {
    const megabytes = (2 * bytesOf(layers) / 1e6).toFixed(0)
    return h('p', {}, h('button', { type: 'button', class: 'start', onclick: () => load(layers, own) }, 'Compare layers'),
      h('span', { class: 'quiet' }, ` ${layers.length} layers; downloads about ${megabytes} MB`))
  }

  async function load (layers: readonly SharedLayer[], own: number): Promise<void> {
    content.replaceChildren(quiet('Loading layers …'))
    const state = store.get()
    const { left, right } = sidesOf(state)
    const [leftName, rightName] = namesOf(state)
    const tensors = await settle(bothTensors({ ...left, model: leftName }, { ...right, model: rightName }, layers), own)
    if (!tensors) return
    const rows = compareLayers(...tensors)
    loaded = { layers, left: tensors[0], right: tensors[1], rows }
    content.replaceChildren(table(rows, layers))
    showChosen(state.differenceLayer)
  }

  /** One after the other: the server bounds the layers in transit. */
  async function bothTensors (left: Side, right: Side, layers: readonly SharedLayer[]): Promise<[Tensors, Tensors]> {
    return [await named('Left', tensorsOf(left, layers)), await named('Right', tensorsOf(right, layers))]
  }

  function tensorsOf ({ photo, model, precision }: Side, layers: readonly SharedLayer[]): Promise<Tensors> {
    const request = { model, precision: precision ?? modelOf(store.get(), model)?.precision, layers: layers.map(({ name }) => name) }
    return fetchTensors(server, photo!.blob, request)
  }

  /** The result, unless the comparison has changed; undefined after an error, which it shows. */
  async function settle<T> (work: Promise<T>, own: number): Promise<T | undefined> {
    try {
      const result = await work
      return own === turn ? result : undefined
    } catch (error) {
      if (own !== turn) return undefined
      const retry = h('button', { type: 'button', onclick: () => offer(own) }, 'Try again')
      content.replaceChildren(h('p', {}, `${(error as Error).message} `, retry))
      return undefined
    }
  }

  function table (rows: readonly ComparedLayer[], layers: readonly SharedLayer[]): HTMLElement {
    const most = Math.max(...rows.map(({ difference }) => difference?.relative ?? 0).filter(Number.isFinite))
    return h('table', {}, h('caption', { class: 'quiet' }, 'a: left, b: right. Choose a layer to see where it differs.'),
      h('thead', {}, h('tr', {}, ...['Layer', 'Relative ‖a − b‖ / ‖a‖', 'Largest |a − b|', 'Cosine'].map((name, column) =>
        h('th', { scope: 'col', ...column === 1 && { colspan: 2 } }, name)))),
      h('tbody', {}, ...rows.map((row, i) => h('tr', {}, h('th', { scope: 'row' }, nameCell(row, layers[i]!)), ...cells(row, most)))))
  }

  function nameCell ({ name, difference }: ComparedLayer, { stride }: SharedLayer): Node | string {
    if (!difference || stride === undefined) return name
    return h('button', { type: 'button', 'data-layer': name, onclick: () => toggle(name) }, name)
  }

  function toggle (name: string): void {
    store.set({ differenceLayer: store.get().differenceLayer === name ? undefined : name })
    picture.scrollIntoView({ block: 'nearest' })
  }

  function showChosen (name: string | undefined): void {
    for (const button of content.querySelectorAll('[data-layer]')) {
      button.setAttribute('aria-pressed', String(button.getAttribute('data-layer') === name))
    }
    picture.replaceChildren(...loaded && name !== undefined ? pictureOf(loaded, name) : [])
  }

  function pictureOf ({ layers, left, right, rows }: Loaded, name: string): HTMLElement[] {
    const stride = layers.find(layer => layer.name === name)?.stride
    if (stride === undefined || !rows.find(row => row.name === name)?.difference) return []
    const { photo, explanation } = store.get()
    return [picturedOver(photo!, explanation!, { name, stride, ...differenceMap(left.get(name)!, right.get(name)!) })]
  }
}

/** The map over the photo in gray. Its colors begin at 0: no difference. */
function picturedOver (photo: Photo, reply: ExplainReply, map: LayerMap): HTMLElement {
  const range = { min: 0, max: map.data.reduce((a, b) => Math.max(a, b), 0), isCut: false }
  return h('figure', { class: 'difference' },
    h('div', { class: 'picture' }, h('img', { src: photo.url, alt: '' }), heatCanvas(reply, map, { range, label: `Where ${map.name} differs` })),
    h('figcaption', {}, `${map.name}: |a − b|, the l2 norm over the channels of each cell`, heatLegend(range)))
}

/** Layers are loaded again when one of these changes. The first tells whether they are on view, the second whether both sides are there. */
function readiness (state: State): [boolean, boolean, boolean, ...unknown[]] {
  const { left, right } = sidesOf(state)
  const isReady = state.explanation !== undefined && state.otherExplanation !== undefined
  return [state.tab === 'compare' && isComparing(state), isReady, !state.otherPhoto, left.photo, ...namesOf(state), left.precision, right.precision]
}

const namesOf = ({ explanation, otherExplanation }: State): [string, string] => [nameIn(explanation), nameIn(otherExplanation)]
const nameIn = (reply: ExplainReply | undefined): string => reply?.model ?? ''

const quiet = (text: string): HTMLElement => h('p', { class: 'quiet' }, text)

function cells ({ difference, problem }: ComparedLayer, most: number): HTMLElement[] {
  if (!difference) return [h('td', { colspan: 4, class: 'quiet' }, `can't be compared: ${problem}`)]
  const { relative, largest, cosine } = difference
  return [
    h('td', { class: 'bar' }, bar(most > 0 ? Math.min(relative / most, 1) : 0)),
    h('td', { 'data-value': relative }, percent(relative)),
    h('td', { 'data-value': largest }, String(Number(largest.toPrecision(3)))),
    h('td', { 'data-value': cosine }, cosine.toFixed(5))
  ]
}

const percent = (share: number): string => Number.isFinite(share) ? `${Number((100 * share).toPrecision(3))} %` : '–'

function bar (share: number): SVGElement {
  return svg('svg', { viewBox: '0 0 100 10', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    svg('rect', { width: 100, height: 10, class: 'track' }), svg('rect', { width: 100 * share, height: 10 }))
}

/** The result of a side; an error says which side it is. */
const named = <T>(side: string, work: Promise<T>): Promise<T> =>
  work.catch((error: Error) => { throw new Error(`${side} side: ${error.message}`, { cause: error }) })
