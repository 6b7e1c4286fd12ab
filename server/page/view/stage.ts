import { candidateKey, countClasses, isShown, judged, smallestAt } from '../logic/shown.ts'
import type { Corners, ExplainedCandidate } from '../../../engine/explain/explanation.ts'
import type { State } from '../logic/state.ts'
import type { App } from './app-context.ts'
import { byId, h, svg } from './dom.ts'

interface Shown { readonly key: string, readonly name: string, readonly box: Corners }

/** The photo and the boxes over it. The drawing's units are pixels of the photo, so that boxes need no scale. */
export function mountStage ({ store }: App): void {
  const stage = byId('stage')
  const drawing = svg('svg', { class: 'boxes', onclick: pick })
  const said = h('p', { class: 'said', 'aria-live': 'polite' })
  stage.before(said)
  store.watch(({ photo }) => photo, photo => {
    stage.querySelector('img')?.remove()
    if (photo) stage.prepend(h('img', { src: photo.url, alt: photo.name }))
  })
  store.watch(({ busy }) => busy, busy => stage.setAttribute('aria-busy', String(busy)))
  store.watch(({ explanation, score, iou, max, classes, selected }) => [explanation, score, iou, max, classes, selected],
    (_, state) => draw(state))
  document.addEventListener('keydown', ({ key }) => { if (key === 'Escape') store.set({ selected: undefined }) })
  let shown: Shown[] = []

  function draw (state: State): void {
    const { explanation } = state
    if (!explanation) return drawing.remove()
    const { image: { width, height }, labels } = explanation
    const candidates = judged(explanation, state)
    const focused = document.activeElement?.getAttribute('data-key')
    const kept = candidates.filter(({ class_id: id, state: fate }) => fate === 'kept' && isShown(labels[id]!, state.classes))
    shown = kept.map(candidate => shownOf(state, candidate))
    drawing.setAttribute('viewBox', `0 0 ${width} ${height}`)
    drawing.replaceChildren(...ghosts(state, candidates), ...shown.map(box => drawn(box, state.selected, width)))
    if (!drawing.isConnected) stage.insertBefore(drawing, stage.querySelector('svg.region'))
    if (focused) drawing.querySelector<SVGGElement>(`[data-key="${focused}"]`)?.focus()
    said.textContent = sentence([...countClasses(kept, labels).keys()], kept.length)
  }

  function pick ({ clientX, clientY }: MouseEvent): void {
    const at = new DOMPoint(clientX, clientY).matrixTransform(drawing.getScreenCTM()!.inverse())
    store.set({ selected: smallestAt(shown, at.x, at.y)?.key })
  }

  function drawn ({ key, name, box: [x1, y1, x2, y2] }: Shown, selected: string | undefined, width: number): SVGGElement {
    const size = width / 45
    return svg('g', {
      class: key === selected ? 'box selected' : 'box',
      'data-key': key,
      tabindex: 0,
      role: 'button',
      'aria-label': name.replace(/ (?=\S+$)/, ', score '),
      onkeydown: ({ key: pressed }: KeyboardEvent) => { if (pressed === 'Enter') store.set({ selected: key }) }
    }, svg('rect', { x: x1, y: y1, width: x2 - x1, height: y2 - y1 }),
    svg('text', { x: Math.max(0, Math.min(x1, width - name.length * size * 0.6)), y: Math.max(size, y1 - size / 4), 'font-size': size }, name))
  }
}

function shownOf ({ explanation }: State, candidate: ExplainedCandidate): Shown {
  const { labels, cells } = explanation!
  const name = `${labels[candidate.class_id]!} ${candidate.score.toFixed(2)}`
  return { key: candidateKey(explanation!, candidate), name, box: cells[candidate.cell]!.box }
}

/** What the selected candidate suppressed. */
function ghosts ({ explanation, selected }: State, candidates: readonly ExplainedCandidate[]): SVGRectElement[] {
  return candidates.flatMap(candidate => {
    if (candidate.state !== 'suppressed' || candidateKey(explanation!, candidates[candidate.by]!) !== selected) return []
    const [x1, y1, x2, y2] = explanation!.cells[candidate.cell]!.box
    return [svg('rect', { class: 'ghost', x: x1, y: y1, width: x2 - x1, height: y2 - y1 })]
  })
}

const sentence = (labels: readonly string[], count: number): string =>
  count === 0 ? 'No objects' : `${count} ${count === 1 ? 'object' : 'objects'}: ${labels.join(', ')}`
