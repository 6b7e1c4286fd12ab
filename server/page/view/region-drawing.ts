import type { Corners } from '../../../engine/explain/explanation.ts'
import { between, dragged, gripAt, type Grip, type Point } from '../logic/region.ts'
import type { App } from './app-context.ts'
import { byId } from './dom.ts'

/** Pixels of the screen: shorter drags are clicks, and shorter sides are no region. */
const LEAST_DRAG = 5
const REACH = 8
const FINGER_REACH = 20
const CURSORS = ['moving', 'over-x', 'over-y', 'over-down', 'over-up'] as const

interface Drag {
  readonly id: number
  readonly start: Point
  readonly from: Point
  /** Of the region before, and what of it moves; without it, the drag draws a new one. */
  readonly held: { readonly region: Corners, readonly grip: Grip } | undefined
  region?: Corners | undefined
  isMoving: boolean
}

export interface Drawing {
  /** Lets fingers draw. A mouse always can. */
  enable (isOn: boolean): void
  /** Stops a drag. @returns whether there was one */
  cancel (): boolean
}

/** Drags on the stage draw, move and resize the region. @param show draws a region that may still change */
export function mountDrawing ({ store, actions }: App, show: (draft: Corners | undefined) => void, onDone: () => void): Drawing {
  const stage = byId('stage')
  let isEnabled = false
  let drag: Drag | undefined

  stage.addEventListener('pointerdown', begin)
  stage.addEventListener('pointermove', move)
  stage.addEventListener('pointerup', finish)
  stage.addEventListener('pointercancel', () => cancel())
  stage.addEventListener('dragstart', event => event.preventDefault()) // the browser would drag the image

  function begin (event: PointerEvent): void {
    const { region, explanation } = store.get()
    if (drag || !explanation || event.button !== 0 || !event.isPrimary || !(isEnabled || event.pointerType === 'mouse')) return
    const start = pointOf(event)
    const grip = region && gripAt(start, region, reachOf(event))
    drag = { id: event.pointerId, start, from: { x: event.clientX, y: event.clientY }, held: grip && { region, grip }, isMoving: false }
  }

  function move (event: PointerEvent): void {
    if (!drag) return hover(event)
    if (event.pointerId !== drag.id) return
    if (!drag.isMoving && Math.hypot(event.clientX - drag.from.x, event.clientY - drag.from.y) < LEAST_DRAG) return
    if (!drag.isMoving) stage.setPointerCapture(drag.id)
    drag.isMoving = true
    drag.region = regionAt(drag, pointOf(event))
    show(drag.region)
  }

  function regionAt ({ start, held }: Drag, point: Point): Corners | undefined {
    const { image } = store.get().explanation!
    if (!held) return between(start, point, image, LEAST_DRAG * pixelSize())
    return dragged(held.region, held.grip, { x: point.x - start.x, y: point.y - start.y }, image)
  }

  function finish (event: PointerEvent): void {
    if (!drag || event.pointerId !== drag.id) return
    const { region, isMoving } = drag
    drag = undefined
    if (!isMoving) return
    ignoreClick()
    if (!region) return show(store.get().region)
    store.set({ region, tab: 'boxes' })
    onDone()
    actions.explain()
  }

  function cancel (): boolean {
    const isMoving = drag?.isMoving ?? false
    drag = undefined
    if (isMoving) show(store.get().region)
    return isMoving
  }

  /** The click at the end of a drag must not select a box. */
  function ignoreClick (): void {
    const ignore = (event: Event): void => event.stopPropagation()
    stage.addEventListener('click', ignore, { capture: true, once: true })
    setTimeout(() => stage.removeEventListener('click', ignore, { capture: true }))
  }

  function hover (event: PointerEvent): void {
    const { region } = store.get()
    const grip = region && event.pointerType === 'mouse' ? gripAt(pointOf(event), region, reachOf(event)) : undefined
    const cursor = grip && cursorOf(grip)
    for (const name of CURSORS) stage.classList.toggle(name, name === cursor)
  }

  /** In pixels of the photo. */
  function pointOf ({ clientX, clientY }: PointerEvent): Point {
    const { left, top } = photoRect()
    return { x: (clientX - left) * pixelSize(), y: (clientY - top) * pixelSize() }
  }

  /** Pixels of the photo per pixel of the screen. */
  const pixelSize = (): number => (store.get().explanation?.image.width ?? 0) / photoRect().width

  const photoRect = (): DOMRect => (stage.querySelector('img') ?? stage).getBoundingClientRect()

  const reachOf = ({ pointerType }: PointerEvent): number => (pointerType === 'mouse' ? REACH : FINGER_REACH) * pixelSize()

  return {
    enable (isOn) {
      isEnabled = isOn
      stage.classList.toggle('drawing', isOn)
    },
    cancel
  }
}

function cursorOf ({ left, top, right, bottom }: Grip): typeof CURSORS[number] {
  if (left && right) return 'moving'
  if (!top && !bottom) return 'over-x'
  if (!left && !right) return 'over-y'
  return left === top ? 'over-down' : 'over-up'
}
