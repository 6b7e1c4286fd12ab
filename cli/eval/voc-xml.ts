/** One annotation file of Pascal VOC. */
import { DOMParser, ParseError, type Document, type Element } from '@xmldom/xmldom'
import type { Size } from '../../head/decode/boxes.ts'
import type { CocoBox } from './ground-truth.ts'

export interface VocObject {
  readonly name: string
  readonly bbox: CocoBox
  readonly difficult: boolean
}

export interface VocImage {
  /** As the file calls it; it may have been renamed since. */
  readonly filename: string | undefined
  readonly objects: readonly VocObject[]
  /** As the file states it; left out if it does not. */
  readonly size?: Size
}

/** A file that is not a Pascal VOC annotation; the message is one line. */
export class VocError extends Error {
  override readonly name = 'VocError'
}

/** @throws VocError with the first fault */
export function parseVocXml (text: string): VocImage {
  const root = parseXml(text).documentElement
  if (root?.tagName !== 'annotation') throw new VocError(`expected <annotation>, found <${root?.tagName}>`)
  const objects = childrenOf(root, 'object').map((object, i) => objectOf(object, i + 1))
  const size = sizeOf(root)
  return { filename: textOf(root, 'filename'), objects, ...size && { size } }
}

/** Some tools write zeros. */
function sizeOf (root: Element): Size | undefined {
  const [size] = childrenOf(root, 'size')
  const [width, height] = ['width', 'height'].map(side => Number(size && textOf(size, side)))
  return width! > 0 && height! > 0 ? { width: width!, height: height! } : undefined
}

function parseXml (text: string): Document {
  let problem: string | undefined // the parser wraps it
  const onError = (_level: string, message: string): never => {
    problem ??= message
    throw new ParseError(message)
  }
  try {
    return new DOMParser({ onError }).parseFromString(text.replace(/^\uFEFF/, ''), 'text/xml')
  } catch (cause) {
    throw new VocError(`not XML: ${(problem ?? (cause as Error).message).split('\n')[0]}`, { cause })
  }
}

function objectOf (object: Element, number: number): VocObject {
  const name = textOf(object, 'name')
  const [box] = childrenOf(object, 'bndbox')
  if (!name) throw new VocError(`object ${number} has no name`)
  if (!box) throw new VocError(`object ${number} (${name}) has no bndbox`)
  const [left, top, right, bottom] = ['xmin', 'ymin', 'xmax', 'ymax'].map(side => cornerOf(box, side, number))
  // Corners are pixels, counted from 1, that belong to the object.
  const bbox = [left! - 1, top! - 1, right! - left! + 1, bottom! - top! + 1] as const
  return { name, bbox, difficult: textOf(object, 'difficult') === '1' }
}

function cornerOf (box: Element, side: string, number: number): number {
  const text = textOf(box, side)
  const value = Number(text)
  if (text && Number.isFinite(value)) return value
  throw new VocError(`object ${number}: expected a number in ${side}, found ${text || 'nothing'}`)
}

const textOf = (parent: Element, name: string): string | undefined => childrenOf(parent, name)[0]?.textContent?.trim()

/** Only direct children: parts of an object have a name and a bndbox, too. */
const childrenOf = (parent: Element, name: string): Element[] =>
  [...parent.getElementsByTagName(name)].filter(element => element.parentNode === parent)
