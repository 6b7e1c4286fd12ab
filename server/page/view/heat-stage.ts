import { cellBox, cellValueAt, type Alignment, type CellValue } from '../logic/heat-map.ts'
import type { LayerMap } from '../logic/maps.ts'
import { byId, h, rectOf, svg } from './dom.ts'
import { heatCanvas } from './heat-canvas.ts'

/** A map over the photo on the stage. */
export interface HeatStage {
  /** Replaces the map, with a text for people; without arguments, removes it. */
  show (shown?: { readonly alignment: Alignment, readonly map: LayerMap, readonly title: string }): void
  /** @param share of the highest color, 0 … 1 */
  fade (share: number): void
}

const STEPS: Readonly<Record<string, readonly [columns: number, rows: number]>> = {
  ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]
}

/**
 * @param onCell called with the cell below the pointer, or chosen by arrow keys
 * @param onClose called when users remove the map
 */
export function heatStage (onCell: (cell: CellValue | undefined) => void, onClose: () => void): HeatStage {
  const stage = byId('stage')
  let shown: { alignment: Alignment, map: LayerMap, canvas: HTMLCanvasElement } | undefined
  let cell: CellValue | undefined
  let opacity = 0.7
  const outline = svg('rect', {})

  stage.addEventListener('pointermove', ({ clientX, clientY }) => {
    if (!shown) return
    const { left, top, width, height } = shown.canvas.getBoundingClientRect()
    const { image } = shown.alignment
    choose(cellValueAt(shown.alignment, shown.map, (clientX - left) / width * image.width, (clientY - top) / height * image.height))
  })
  stage.addEventListener('pointerleave', () => choose(undefined))

  function choose (next: CellValue | undefined): void {
    if (!shown || (next?.column === cell?.column && next?.row === cell?.row)) return
    cell = next
    const square = next ? cellBox(shown.alignment, shown.map.stride, next) : [0, 0, 0, 0] as const
    for (const [name, value] of Object.entries(rectOf(square))) outline.setAttribute(name, String(value))
    onCell(next)
  }

  function onKey (event: KeyboardEvent): void {
    const step = STEPS[event.key]
    if (!step || !shown) return
    event.preventDefault()
    const { map, alignment: { image } } = shown
    const from = cell ?? cellValueAt(shown.alignment, map, image.width / 2, image.height / 2)!
    const column = Math.min(Math.max(from.column + (cell ? step[0] : 0), 0), map.width - 1)
    const row = Math.min(Math.max(from.row + (cell ? step[1] : 0), 0), map.height - 1)
    choose({ column, row, value: map.data[row * map.width + column]! })
  }

  function remove (): void {
    for (const element of stage.querySelectorAll('.heat, .heat-cell, .heat-close')) element.remove()
    stage.classList.remove('heated')
    shown = undefined
    cell = undefined
  }

  return {
    show (next) {
      remove()
      const image = stage.querySelector('img')
      if (!next || !image) return
      const { alignment, map, title } = next
      const canvas = heatCanvas(alignment, map, { label: `${title} over the photo. Arrow keys read the values of cells` })
      canvas.classList.add('heat')
      canvas.tabIndex = 0
      canvas.addEventListener('keydown', onKey)
      canvas.style.opacity = String(opacity)
      const { width, height } = alignment.image
      image.after(canvas, svg('svg', { class: 'heat-cell', viewBox: `0 0 ${width} ${height}`, 'aria-hidden': 'true' }, outline))
      for (const name of ['width', 'height']) outline.setAttribute(name, '0')
      stage.append(h('button', { type: 'button', class: 'heat-close', 'aria-label': `Remove ${title} from the photo`, onclick: onClose }, `${title} ✕`))
      stage.classList.add('heated')
      shown = { alignment, map, canvas }
    },
    fade (share) {
      opacity = share
      if (shown) shown.canvas.style.opacity = String(share)
    }
  }
}
