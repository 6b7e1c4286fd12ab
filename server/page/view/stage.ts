import { candidateKey, judged } from '../logic/shown.ts'
import type { State } from '../logic/state.ts'
import type { App } from './app-context.ts'
import { byId, h, svg } from './dom.ts'

/** The photo and the boxes over it. The drawing's units are pixels of the photo, so that boxes need no scale. */
export function mountStage ({ store }: App): void {
  const stage = byId('stage')
  store.watch(({ photo }) => photo, photo => {
    stage.replaceChildren(...photo ? [h('img', { src: photo.url, alt: photo.name })] : [])
  })
  store.watch(({ explanation, score, iou, max, classes, selected }) => [explanation, score, iou, max, classes, selected], (_, state) => {
    stage.querySelector('svg.boxes')?.remove()
    if (state.explanation) stage.append(boxes(state))
  })

  function boxes (state: State): SVGSVGElement {
    const explanation = state.explanation!
    const { image: { width, height }, cells, labels } = explanation
    const drawing = svg('svg', { class: 'boxes', viewBox: `0 0 ${width} ${height}` })
    for (const candidate of judged(explanation, state)) {
      const label = labels[candidate.class_id]!
      if (candidate.state !== 'kept' || (state.classes.length > 0 && !state.classes.includes(label))) continue
      const [x1, y1, x2, y2] = cells[candidate.cell]!.box
      const key = candidateKey(explanation, candidate)
      drawing.append(svg('g', { class: key === state.selected ? 'box selected' : 'box', 'data-key': key, onclick: () => store.set({ selected: key }) },
        svg('rect', { x: x1, y: y1, width: x2 - x1, height: y2 - y1 }),
        svg('text', { x: x1, y: y1 }, `${label} ${candidate.score.toFixed(2)}`)))
    }
    return drawing
  }
}
