import { NanodetApiError } from '../../../client/api-error.ts'
import type { Profile, Summary } from '../../../client/types.ts'
import { counted } from '../../../engine/numbers.ts'
import { compact, idOf, layerTree, openRows, type LayerNode } from '../logic/layer-tree.ts'
import { fetchMaps, type LayerMap } from '../logic/maps.ts'
import type { State } from '../logic/state.ts'
import type { App } from './app-context.ts'
import { byId, h } from './dom.ts'
import { layerRow } from './layer-row.ts'

const RUNS = 20
/** Of one request: the server limits lists of names to 4096 characters. */
const MOST_LAYERS = 64

interface Network {
  readonly model: string
  readonly summary: Summary | undefined
  readonly nodes: readonly LayerNode[]
}

/** The layers of the model as a tree, with their costs, and their responses to the photo. */
export function mountNetworkTree ({ store, server, actions }: App): void {
  const facts = h('p', { class: 'quiet' })
  const measureButton = h('button', { type: 'button', onclick: measure }, 'Measure time')
  const note = h('p', { class: 'quiet', 'aria-live': 'polite' })
  const tree = h('div', { class: 'tree', role: 'tree', 'aria-label': 'Layers of the network', onkeydown: onKey, onclick: onClick })
  byId('network').append(h('div', { class: 'network-head' }, facts, measureButton), note, tree)

  let network: Network | undefined
  let loading: { readonly model: string | undefined, readonly loaded: Promise<Network | undefined> } | undefined
  let profile: Profile | undefined
  let maps = new Map<string, LayerMap>()
  /** Ids that have been asked for, for this photo. */
  let asked = new Set<string>()
  const open = new Set<string>()
  let focused: string | undefined
  let turn = 0

  store.watch(({ tab, model, explanation, photo }) => [tab === 'network', explanation?.model ?? model, explanation, photo], update)
  store.watch(({ layer }) => layer, show)

  async function update (_: unknown, state: State): Promise<void> {
    if (state.tab !== 'network') return
    const own = ++turn
    maps = new Map()
    asked = new Set()
    await loadNetwork(own, state)
    if (own !== turn) return
    show()
    const named = allNodes(network?.nodes ?? []).filter(({ alias }) => alias !== undefined)
    await loadMaps(named.length > 0 ? named : openRows(network?.nodes ?? [], open))
  }

  async function loadNetwork (own: number, { explanation, model }: State): Promise<void> {
    const known = explanation?.model ?? model
    if (network && (known === undefined || network.model === known)) return
    network = undefined
    profile = undefined
    note.textContent = ''
    tree.replaceChildren(h('p', { class: 'quiet' }, 'Loading the layers …'))
    if (!loading || loading.model !== known) loading = { model: known, loaded: fetchNetwork(known) }
    const loaded = await loading.loaded
    if (own !== turn) return
    loading = undefined
    network = loaded
    if (!network) return tree.replaceChildren(...failed())
    open.clear()
    for (const { name, children } of network.nodes) if (children.length > 0) open.add(name)
  }

  function fetchNetwork (model: string | undefined): Promise<Network | undefined> {
    return actions.attempt(async () => {
      const name = model ?? (await server.models()).find(model => model.default)!.name
      const [layers, summary] = await Promise.all([server.layers(name), server.summary(name).catch(noneIfUnknown)])
      return { model: name, summary, nodes: layerTree(layers, summary) }
    })
  }

  function failed (): HTMLElement[] {
    return [
      h('p', {}, 'The layers could not be loaded.'),
      h('button', { type: 'button', onclick: () => update(undefined, store.get()) }, 'Try again')
    ]
  }

  /** Maps of layers on view that have not been asked for, in one request. */
  async function loadMaps (nodes: readonly LayerNode[]): Promise<void> {
    const { photo, explanation, precision } = store.get()
    const wanted = nodes.filter(({ obstacle }) => obstacle === undefined).map(idOf).filter(id => !asked.has(id)).slice(0, MOST_LAYERS)
    if (!photo || !explanation || !network || wanted.length === 0) return
    const own = turn
    for (const id of wanted) asked.add(id)
    tree.setAttribute('aria-busy', 'true')
    const { model } = network
    const found = await actions.attempt(() => fetchMaps(server, photo.blob, { model, precision, layers: wanted, reduce: 'l2' }))
    if (own !== turn) return
    tree.removeAttribute('aria-busy')
    for (const [id, map] of found ?? []) maps.set(id, map)
    show()
  }

  async function measure (): Promise<void> {
    if (!network) return
    const { model } = network
    measureButton.disabled = true
    note.textContent = 'Measuring …'
    const measured = await actions.attempt(async () =>
      await (await server.get(`models/${encodeURIComponent(model)}/profile?runs=${RUNS}`)).json() as Profile)
    measureButton.disabled = false
    if (network?.model !== model) return
    profile = measured
    note.textContent = measured ? measuredText(measured) : ''
    show()
  }

  function show (): void {
    if (!network) return
    const { layer, explanation } = store.get()
    facts.textContent = factsText(network)
    const rows = openRows(network.nodes, open)
    if (!rows.some(({ name }) => name === focused)) focused = rows.find(node => idOf(node) === layer)?.name ?? rows[0]?.name
    const hadFocus = tree.contains(document.activeElement)
    const times = new Map(profile?.layers.map(({ name, ms }) => [name, ms]))
    tree.replaceChildren(...rows.map(node => layerRow(node, {
      isOpen: open.has(node.name),
      isChosen: idOf(node) === layer || node.name === layer,
      isFocused: node.name === focused,
      macs: network?.summary?.totals.macs,
      ms: times.get(node.name),
      totalMs: profile?.nodes.reduce((sum, { ms }) => sum + ms, 0),
      alignment: explanation,
      map: maps.get(idOf(node))
    })))
    if (hadFocus) focusRow()
  }

  function focusRow (): void {
    const row = tree.querySelector<HTMLElement>('[tabindex="0"]')
    row?.focus({ preventScroll: true })
    row?.scrollIntoView({ block: 'nearest' })
  }

  function onClick ({ target }: MouseEvent): void {
    const node = nodeOf((target as Element).closest('[role=treeitem]'))
    if (!node) return
    focused = node.name
    const isTwist = (target as Element).closest('.twist') !== null
    if (isTwist || node.obstacle !== undefined) toggle(node, !open.has(node.name))
    else choose(node)
    focusRow()
  }

  function onKey (event: KeyboardEvent): void {
    const rows = openRows(network?.nodes ?? [], open)
    const at = rows.findIndex(({ name }) => name === focused)
    const node = rows[at]
    if (!node || event.ctrlKey || event.metaKey || event.altKey) return
    const to = (index: number): void => { focused = rows[Math.min(Math.max(index, 0), rows.length - 1)]!.name; show() }
    const parent = rows.findLastIndex(({ level }, i) => i < at && level < node.level)
    const act = ({
      ArrowDown: () => to(at + 1),
      ArrowUp: () => to(at - 1),
      Home: () => to(0),
      End: () => to(rows.length - 1),
      ArrowRight: () => open.has(node.name) ? to(at + 1) : toggle(node, true),
      ArrowLeft: () => open.has(node.name) ? toggle(node, false) : to(parent < 0 ? at : parent),
      Enter: () => choose(node),
      ' ': () => choose(node)
    } as Record<string, () => void>)[event.key]
    if (!act) return
    event.preventDefault()
    act()
  }

  function toggle ({ name, children }: LayerNode, isOpen: boolean): void {
    if (children.length === 0) return
    if (isOpen) open.add(name)
    else open.delete(name)
    show()
    if (isOpen) loadMaps(children)
  }

  function choose (node: LayerNode): void {
    if (node.obstacle !== undefined) return toggle(node, !open.has(node.name))
    store.set({ layer: idOf(node) })
  }

  function nodeOf (row: Element | null): LayerNode | undefined {
    return openRows(network?.nodes ?? [], open).find(({ name }) => name === row?.getAttribute('data-layer'))
  }
}

const allNodes = (nodes: readonly LayerNode[]): LayerNode[] => nodes.flatMap(node => [node, ...allNodes(node.children)])

/** Models of ONNX files have no summary. */
function noneIfUnknown (error: unknown): undefined {
  if (error instanceof NanodetApiError && error.code === 'WRONG_TASK') return undefined
  throw error
}

function factsText ({ model, summary }: Network): string {
  if (!summary) return `${model}: costs are unknown, because its graph comes from an ONNX file`
  const { input, totals: { parameters, macs } } = summary
  return `${model}: input ${input[3]} × ${input[2]}, ${compact(parameters)} parameters, ${compact(macs)} MACs`
}

const measuredText = ({ runs, threads, total_ms: total, precision }: Profile): string =>
  `${total.toFixed(1)} ms a run: measured on this server, ${runs} runs, ${precision}, ${counted(threads, 'thread')}, ` +
  'while other work may run. Operators that the runtime fuses count for the last of their layers.'
