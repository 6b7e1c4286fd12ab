/** One annotation file of Pascal VOC. */
import type { Element } from '@xmldom/xmldom'
import type { Size } from '../../head/decode/boxes.ts'
import type { CocoBox } from './ground-truth.ts'
import { AnnotationError, childrenOf, parseXml, textOf } from './xml.ts'

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

/** @throws AnnotationError with the first fault */
export function parseVocXml (text: string): VocImage {
  const root = parseXml(text).documentElement
  if (root?.tagName !== 'annotation') throw new AnnotationError(`expected <annotation>, found <${root?.tagName}>`)
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

function objectOf (object: Element, number: number): VocObject {
  const name = textOf(object, 'name')
  const [box] = childrenOf(object, 'bndbox')
  if (!name) throw new AnnotationError(`object ${number} has no name`)
  if (!box) throw new AnnotationError(`object ${number} (${name}) has no bndbox`)
  const [left, top, right, bottom] = ['xmin', 'ymin', 'xmax', 'ymax'].map(side => cornerOf(box, side, number))
  // Corners are pixels, counted from 1, that belong to the object.
  const bbox = [left! - 1, top! - 1, right! - left! + 1, bottom! - top! + 1] as const
  return { name, bbox, difficult: textOf(object, 'difficult') === '1' }
}

function cornerOf (box: Element, side: string, number: number): number {
  const text = textOf(box, side)
  const value = Number(text)
  if (text && Number.isFinite(value)) return value
  throw new AnnotationError(`object ${number}: expected a number in ${side}, found ${text || 'nothing'}`)
}
