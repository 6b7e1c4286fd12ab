/** XML of annotation tools. */
import { DOMParser, ParseError, type Document, type Element, type Node } from '@xmldom/xmldom'

/** A file that is not what an annotation tool writes; the message is one line. */
export class AnnotationError extends Error {
  override readonly name = 'AnnotationError'
}

/** @throws AnnotationError with the first fault */
export function parseXml (text: string): Document {
  let problem: string | undefined // the parser wraps it
  const onError = (_level: string, message: string): never => {
    problem ??= message
    throw new ParseError(message)
  }
  try {
    return new DOMParser({ onError }).parseFromString(text.replace(/^\uFEFF/, ''), 'text/xml')
  } catch (cause) {
    throw new AnnotationError(`not XML: ${(problem ?? (cause as Error).message).split('\n')[0]}`, { cause })
  }
}

/** The direct children of an element, or those with a name. */
export const childrenOf = (parent: Element, name?: string): Element[] =>
  [...parent.childNodes].filter(isElement).filter(({ tagName }) => name === undefined || tagName === name)

/** The text of the first child with a name. */
export const textOf = (parent: Element, name: string): string | undefined => childrenOf(parent, name)[0]?.textContent?.trim()

/** A number in an element's attribute. @throws AnnotationError naming it */
export function numberIn (element: Element, attribute: string): number {
  const text = element.getAttribute(attribute)
  const value = Number(text)
  if (text?.trim() && Number.isFinite(value)) return value
  throw new AnnotationError(`<${element.tagName}>: expected a number in ${attribute}, found ${text || 'nothing'}`)
}

const isElement = (node: Node): node is Element => node.nodeType === node.ELEMENT_NODE
