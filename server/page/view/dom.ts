/** Builds elements. Styles are in page.css: the policy of the page allows no inline styles. */
import type { Corners } from '../../../engine/explain/explanation.ts'

type Attributes = Readonly<Record<string, string | number | boolean | undefined | ((event: never) => void)>>
export type Child = Node | string | undefined

/** An HTML element. Functions are listeners (`onclick`); `true` sets an empty attribute, `false` and undefined none. */
export function h<K extends keyof HTMLElementTagNameMap> (
  tag: K, attributes: Attributes = {}, ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  return filled(document.createElement(tag), attributes, children)
}

/** An SVG element. */
export function svg<K extends keyof SVGElementTagNameMap> (
  tag: K, attributes: Attributes = {}, ...children: readonly Child[]
): SVGElementTagNameMap[K] {
  return filled(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children)
}

/** Attributes of an SVG rectangle with these corners. */
export const rectOf = ([x1, y1, x2, y2]: Corners) => ({ x: x1, y: y1, width: x2 - x1, height: y2 - y1 })

function filled<E extends Element> (element: E, attributes: Attributes, children: readonly Child[]): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.replace(/^on/, ''), value as EventListener)
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : String(value))
  }
  element.append(...children.filter(child => child !== undefined))
  return element
}

/** The element of the page with an id. */
export function byId<E extends HTMLElement = HTMLElement> (id: string): E {
  const element = document.getElementById(id)
  if (!element) throw new Error(`the page has no #${id}`)
  return element as E
}
