/** One YOLO label file: a line per object, all lengths as shares of the image's width and height. */
import type { Size } from '../../head/decode/boxes.ts'
import type { CocoBox } from './ground-truth.ts'

/** How far values may lie outside 0 … 1: exporters round. */
const TOLERANCE = 0.01
const EXPECTED = 'expected class x y width height, or class and a polygon'
const BOX_VALUES = 4
const MIN_POLYGON_VALUES = 6

export interface YoloObject {
  readonly classId: number
  /** Left, top, width and height as shares of the image. */
  readonly bbox: CocoBox
}

/**
 * The objects of a label file: boxes (`class x y width height`, x and y of the center) or polygons
 * (`class x1 y1 x2 y2 x3 y3 …`), which count as their bounding box.
 * @param file as problems name it
 * @returns the objects, and a description of each line that is wrong
 */
export function parseYoloLabels (text: string, file: string): { objects: YoloObject[], problems: string[] } {
  const objects: YoloObject[] = []
  const problems: string[] = []
  text.replace(/^\uFEFF/, '').split(/\r?\n/).forEach((line, i) => {
    if (line.trim() === '') return
    const parsed = parseLine(line)
    if (typeof parsed === 'string') problems.push(`${file}:${i + 1}: ${parsed}`)
    else objects.push(parsed)
  })
  return { objects, problems }
}

/** An object, or the line's problem. */
function parseLine (line: string): YoloObject | string {
  const words = line.trim().split(/\s+/)
  const [classId, ...values] = words.map(Number)
  const wrong = words.find(word => !Number.isFinite(Number(word)))
  if (wrong !== undefined) return `expected numbers, found ${wrong}`
  if (!Number.isInteger(classId) || classId! < 0) return `expected a class id, found ${words[0]}`
  if (!isComplete(values.length)) return `${EXPECTED}, found ${words.length} values`
  const outside = values.find(value => value < -TOLERANCE || value > 1 + TOLERANCE)
  if (outside !== undefined) return `expected shares of the image from 0 to 1, found ${outside}`
  return { classId: classId!, bbox: values.length === BOX_VALUES ? boxOf(values) : boundsOf(values) }
}

const isComplete = (values: number): boolean =>
  values === BOX_VALUES || (values >= MIN_POLYGON_VALUES && values % 2 === 0)

const boxOf = ([x, y, width, height]: readonly number[]): CocoBox =>
  [x! - width! / 2, y! - height! / 2, width!, height!]

function boundsOf (values: readonly number[]): CocoBox {
  const xs = values.filter((_, i) => i % 2 === 0)
  const ys = values.filter((_, i) => i % 2 === 1)
  const [left, top] = [Math.min(...xs), Math.min(...ys)]
  return [left, top, Math.max(...xs) - left, Math.max(...ys) - top]
}

/** A box of shares in pixels of its image. */
export const toPixels = ([x, y, width, height]: CocoBox, size: Size): CocoBox =>
  [x * size.width, y * size.height, width * size.width, height * size.height]
