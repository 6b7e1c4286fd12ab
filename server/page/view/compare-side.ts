import { counted } from '../../../engine/numbers.ts'
import { modelOf, type Found, type Side } from '../logic/compare.ts'
import type { ExplainReply } from '../logic/server.ts'
import type { State } from '../logic/state.ts'
import { h, rectOf, svg } from './dom.ts'

/** What a side shows. */
interface SideView extends Side, Pick<State, 'busy' | 'problem' | 'models'> {
  readonly reply: ExplainReply | undefined
}

export interface SideFigure {
  readonly element: HTMLElement
  /** @param objects by the number of their pair; undefined where this side has none */
  show (view: SideView, objects: ReadonlyArray<Found | undefined>): void
}

/** One of the two photos with its boxes, model and time. @param retry asks the server again */
export function createSide (name: string, retry: () => void): SideFigure {
  const image = h('img')
  const picture = h('div', { class: 'picture' }, image)
  const title = h('strong')
  const facts = h('span', { class: 'quiet' })
  const notice = h('div', { class: 'notice', role: 'status' })
  const element = h('figure', { class: 'side' }, h('figcaption', {}, title, ' ', facts), picture, notice)
  return { element, show }

  function show (view: SideView, objects: ReadonlyArray<Found | undefined>): void {
    const { photo, reply } = view
    if (photo && image.src !== photo.url) image.src = photo.url
    image.alt = `${name}: ${photo?.name}`
    title.textContent = titleOf(view)
    facts.textContent = reply ? `${counted(objects.filter(object => object).length, 'object')} in ${reply.timing.total_ms.toFixed(0)} ms` : ''
    facts.title = reply ? timesOf(reply) : ''
    picture.querySelector('svg')?.remove()
    if (reply) picture.append(drawing(reply, objects))
    notice.replaceChildren(...noticeOf(view))
  }

  function noticeOf ({ reply, busy, problem }: SideView): Array<Node | string> {
    if (busy) return ['Looking for objects …']
    if (reply) return []
    return [`${problem ?? 'This side has no result.'} `, h('button', { type: 'button', onclick: retry }, 'Try again')]
  }
}

function titleOf ({ model, precision, models, reply }: SideView): string {
  const entry = modelOf({ models }, model)
  return [reply?.model ?? model ?? entry?.name, precision ?? entry?.precision].filter(part => part !== undefined).join(', ')
}

function timesOf ({ timing }: ExplainReply): string {
  const { decode_ms: decode, preprocess_ms: preprocess, inference_ms: inference, postprocess_ms: postprocess } = timing
  return Object.entries({ decode, preprocess, inference, postprocess }).map(([step, ms]) => `${step} ${ms.toFixed(1)} ms`).join(', ')
}

function drawing ({ image: { width, height } }: ExplainReply, objects: ReadonlyArray<Found | undefined>): SVGSVGElement {
  const boxes = objects.map((object, pair) => object && svg('g', { class: 'found', 'data-pair': pair }, ...shapesOf(object, width)))
  return svg('svg', { class: 'found-boxes', viewBox: `0 0 ${width} ${height}`, 'aria-hidden': 'true' }, ...boxes)
}

/** The text is as large on photos of any size. */
function shapesOf ({ label, score, box }: Found, photoWidth: number): SVGElement[] {
  const [x1, y1, x2] = box
  const size = photoWidth / 28
  const isFarRight = x1 > photoWidth * 0.7
  return [
    svg('rect', rectOf(box)),
    svg('text', {
      x: isFarRight ? x2 : x1, y: Math.max(y1 - size / 4, size), 'font-size': size, 'text-anchor': isFarRight ? 'end' : 'start'
    }, `${label} ${score.toFixed(2)}`)
  ]
}
