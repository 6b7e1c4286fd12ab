import type { Corners } from '../../../engine/explain/explanation.ts'
import { middle, nudged } from '../logic/region.ts'
import { judgedRegion } from '../logic/region-verdict.ts'
import type { State } from '../logic/state.ts'
import type { App } from './app-context.ts'
import { byId, h, rectOf, svg } from './dom.ts'
import { mountDrawing } from './region-drawing.ts'
import { mountRegionFields } from './region-fields.ts'

/** Milliseconds after the last key press, before the server is asked. */
const PAUSE = 350
const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]
}
const HINT = 'Drag over an object that was missed. The network explains why.'

/** Asks about a place on the photo: a region drawn by mouse, touch, pen or keys. */
export function mountRegion (app: App): void {
  const { store, actions } = app
  const stage = byId('stage')
  const drawing = mountDrawing(app, draft => draw(store.get(), draft), () => setDrawing(false))
  const frame = svg('g', { class: 'handle', tabindex: 0, role: 'application', onkeydown: onKey })
  const candidate = svg('rect', { class: 'candidate' })
  const layer = svg('svg', { class: 'region' }, candidate, frame)
  const toggle = h('button', { type: 'button', 'aria-pressed': 'false', onclick: onToggle }, 'Ask about a place')
  const hint = h('span', { class: 'quiet hint' }, HINT)
  const fields = h('span')
  byId('region').append(toggle, hint, fields)
  mountRegionFields(app, fields, { remove })
  let timer: ReturnType<typeof setTimeout> | undefined

  store.watch(({ photo, explanation }) => [photo, explanation], (_, { photo, explanation }) => {
    byId('region').hidden = !photo
    toggle.disabled = !explanation
  })
  store.watch(shownParts, (_, state) => draw(state, state.region))
  store.watch(({ region }) => region, region => { hint.hidden = region !== undefined })
  addEventListener('keydown', ({ key }) => { if (key === 'Escape') escape() })

  function draw (state: State, region: Corners | undefined): void {
    const { explanation } = state
    if (!region || !explanation) return layer.remove()
    const { image: { width, height } } = explanation
    layer.setAttribute('viewBox', `0 0 ${width} ${height}`)
    const [x1, y1, x2, y2] = region
    const rect = rectOf(region)
    const corners = [[x1, y1], [x2, y1], [x1, y2], [x2, y2]].map(corner => `M${corner.join(' ')}h0`).join('')
    frame.setAttribute('aria-label', `Region ${region.join(', ')}. Arrow keys move it, with Shift they resize it, Escape removes it.`)
    frame.replaceChildren(
      svg('rect', { class: 'halo', ...rect }), svg('rect', { class: 'frame', ...rect }), svg('path', { class: 'corners', d: corners }))
    drawCandidate(state, region)
    if (!layer.isConnected) stage.append(layer) // moving it would take the focus
  }

  /** The box that the verdict is about, unless it is a detection and drawn anyway. */
  function drawCandidate ({ explanation, score, iou, max, busy }: State, region: Corners): void {
    const found = busy || region !== store.get().region ? undefined : judgedRegion(explanation!, { score, iou, max })
    const index = found?.verdict.candidate
    const about = index === undefined ? undefined : found?.candidates[index]
    candidate.toggleAttribute('hidden', !about || about.state === 'kept')
    if (!about) return
    for (const [name, value] of Object.entries(rectOf(explanation!.cells[about.cell]!.box))) candidate.setAttribute(name, String(value))
  }

  function setDrawing (isOn: boolean): void {
    toggle.setAttribute('aria-pressed', String(isOn))
    drawing.enable(isOn)
  }

  /** By keyboard, the button makes a region, or goes to the one that is there. */
  function onToggle (event: MouseEvent): void {
    if (event.detail > 0) return setDrawing(toggle.getAttribute('aria-pressed') === 'false')
    const { region, explanation } = store.get()
    if (!region) store.set({ region: middle(explanation!.image) })
    frame.focus()
    if (!region) actions.explain()
  }

  function onKey (event: KeyboardEvent): void {
    const step = STEPS[event.key]
    const { region, explanation } = store.get()
    if (!step || !region || !explanation) return
    event.preventDefault()
    const pixels = Math.max(1, Math.round(explanation.image.width / 100))
    const [x, y] = step.map(direction => direction * pixels) as [number, number]
    const moved = nudged(region, { x, y }, explanation.image, event.shiftKey)
    store.set({ region: moved })
    frame.focus()
    clearTimeout(timer)
    timer = setTimeout(() => { if (store.get().region === moved) actions.explain() }, PAUSE)
  }

  function escape (): void {
    if (drawing.cancel()) return
    const hadFocus = document.activeElement === frame || fields.contains(document.activeElement)
    setDrawing(false)
    if (!store.get().region) return
    remove()
    if (hadFocus) toggle.focus()
  }

  function remove (): void {
    store.set({ region: undefined, expected: undefined })
  }
}

const shownParts = ({ region, explanation, busy, score, iou, max }: State) => [region, explanation, busy, score, iou, max]
