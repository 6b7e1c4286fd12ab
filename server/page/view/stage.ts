import { countText } from '../logic/candidate-text.ts'
import { candidateKey, countClasses, isShown, judged, smallestAt } from '../logic/shown.ts'
import type { State } from '../logic/state.ts'
import type { App } from './app-context.ts'
import { byId, h, svg } from './dom.ts'
import { cellMark, ghostsOf, shownOf, drawBoxes, type Shown } from './stage-boxes.ts'

/** The photo and the boxes over it. The drawing's units are pixels of the photo, so that boxes need no scale. */
export function mountStage ({ store }: App): void {
  const stage = byId('stage')
  const drawing = svg('svg', { class: 'boxes', onclick: pick, onkeydown: onKey })
  const said = h('p', { class: 'said', 'aria-live': 'polite' })
  const toDetails = h('button', { type: 'button', class: 'to-details', onclick: showDetails }, 'Why this box?')
  let shown: Shown[] = []
  stage.before(said)
  stage.after(toDetails)
  store.watch(({ photo }) => photo, photo => {
    stage.querySelector('img')?.remove()
    if (photo) stage.prepend(h('img', { src: photo.url, alt: photo.name }))
  })
  store.watch(({ busy, explanation }) => [busy, explanation], (_, { busy, photo, explanation }) => {
    stage.setAttribute('aria-busy', String(busy && photo !== undefined))
    if (!explanation) said.textContent = busy && photo ? 'Looking for objects…' : ''
  })
  store.watch(({ explanation, score, iou, max, classes, selected }) => [explanation, score, iou, max, classes, selected],
    (_, state) => draw(state))
  store.watch(({ pointedAt }) => pointedAt, mark)
  document.addEventListener('keydown', ({ key }) => { if (key === 'Escape') deselect() })
  let width = 0
  new ResizeObserver(([entry]) => {
    if (width === entry!.contentRect.width) return
    width = entry!.contentRect.width
    draw(store.get())
  }).observe(stage)

  function draw (state: State): void {
    const { explanation, selected } = state
    toDetails.hidden = !explanation || selected === undefined
    if (!explanation) return drawing.remove()
    const { image, labels } = explanation
    const candidates = judged(explanation, state)
    const focused = document.activeElement?.closest('.box')?.getAttribute('data-key')
    const kept = candidates.filter(({ class_id: id, state: fate }) => fate === 'kept' && isShown(labels[id]!, state.classes))
    const chosen = selected === undefined ? undefined : candidates.find(candidate => candidateKey(explanation, candidate) === selected)
    shown = kept.map(candidate => shownOf(explanation, candidate))
    drawing.setAttribute('viewBox', `0 0 ${image.width} ${image.height}`)
    drawing.replaceChildren(
      ...chosen ? ghostsOf(explanation, candidates, chosen) : [],
      ...drawBoxes(chosen && !kept.includes(chosen) ? [...shown, shownOf(explanation, chosen)] : shown, selected, image, pixelSize()),
      ...chosen ? [cellMark(explanation, chosen, pixelSize())] : [])
    if (!drawing.isConnected) stage.insertBefore(drawing, stage.querySelector('svg.region'))
    if (focused) boxOf(focused)?.focus()
    said.textContent = countText([...countClasses(kept, labels).keys()], kept.length)
  }

  /** Pixels of the photo per pixel of the screen. */
  const pixelSize = (): number => (store.get().explanation?.image.width ?? 0) / (stage.clientWidth || 1)

  const boxOf = (key: string): SVGGElement | null => drawing.querySelector(`.box[data-key="${key}"]`)

  function mark (key: string | undefined): void {
    for (const element of drawing.querySelectorAll('[data-key]')) element.classList.toggle('pointed-at', element.getAttribute('data-key') === key)
  }

  function pick ({ target, clientX, clientY }: MouseEvent): void {
    const tagged = (target as Element).closest('.tag')?.getAttribute('data-key')
    const at = new DOMPoint(clientX, clientY).matrixTransform(drawing.getScreenCTM()!.inverse())
    store.set({ selected: tagged ?? smallestAt(shown, at.x, at.y)?.key })
  }

  /** Keys choose the box that has the focus, and go on to what is known about it. */
  function onKey (event: KeyboardEvent): void {
    const key = (event.target as Element).getAttribute('data-key')
    if (key === null || (event.key !== 'Enter' && event.key !== ' ')) return
    event.preventDefault()
    store.set({ selected: key })
    showDetails()
  }

  /** Escape also leads back from the panel to the box. */
  function deselect (): void {
    const { selected } = store.get()
    if (selected === undefined) return
    const isInPanel = byId('boxes').contains(document.activeElement)
    store.set({ selected: undefined })
    if (isInPanel) boxOf(selected)?.focus()
  }

  function showDetails (): void {
    store.set({ tab: 'boxes' })
    byId('boxes').querySelector<HTMLElement>('.box-panel h2')?.focus()
  }
}
