import type { ConfusionMatrix } from './confusion.ts'
import { BLUE, INK, label, ORANGE, svgFile, tenths, titled } from './svg-plot.ts'

/** Up to so many classes, cells have room for their counts. */
const MAX_NUMBERED = 30
const NUMBERED_CELL = 34
const SMALL_CELL = 14
const MARGIN = 20
const HEADER = 64
const CHARACTER = 6.5
const EXPLANATION = 'Rows: true class. Columns: predicted class.'

/** A confusion matrix as an SVG file: hits blue, errors orange, darker cells for larger shares of the row. */
export function confusionSvg (title: string, { labels, counts }: ConfusionMatrix): string {
  const cell = labels.length <= MAX_NUMBERED ? NUMBERED_CELL : SMALL_CELL
  const margin = Math.max(...labels.map(({ length }) => length), 4) * CHARACTER + MARGIN
  const side = labels.length * cell
  const top = HEADER + margin
  const width = Math.max(margin + side + MARGIN, title.length * 8 + 2 * MARGIN, EXPLANATION.length * CHARACTER + 2 * MARGIN)
  return svgFile(tenths(width), tenths(top + side + 2 * MARGIN), [
    label(MARGIN, 24, title, 'start', 'font-size="15"'),
    label(MARGIN, 44, EXPLANATION),
    ...labels.map((name, i) => label(margin - 6, top + (i + 0.5) * cell + 4, name, 'end', 'font-size="11"')),
    ...labels.map((name, i) => upright(margin + (i + 0.5) * cell + 4, top - 6, name)),
    ...squares({ labels, counts }, { left: margin, top, cell }),
    outline(margin, top, side)
  ])
}

interface Grid { readonly left: number, readonly top: number, readonly cell: number }

const squares = ({ labels, counts }: ConfusionMatrix, { left, top, cell }: Grid): string[] =>
  counts.flatMap((row, i) => row.flatMap((count, j) => {
    if (count === 0) return []
    const place = { x: left + j * cell, y: top + i * cell, cell }
    const element = square({ ...place, count, share: count / total(row), isHit: i === j })
    return [titled(`${labels[i]} as ${labels[j]}: ${count}`, element)]
  }))

const outline = (x: number, y: number, side: number): string =>
  `<rect ${place(x, y, side)} fill="none" stroke="${INK}" stroke-opacity="0.5"/>`

const place = (x: number, y: number, side: number): string =>
  `x="${tenths(x)}" y="${tenths(y)}" width="${side}" height="${side}"`

const total = (row: readonly number[]): number => row.reduce((sum, count) => sum + count, 0)

const upright = (x: number, y: number, name: string): string =>
  label(x, y, name, 'start', `font-size="11" transform="rotate(-90 ${tenths(x)} ${tenths(y)})"`)

interface Square {
  readonly x: number
  readonly y: number
  readonly cell: number
  readonly count: number
  /** Of the row. */
  readonly share: number
  readonly isHit: boolean
}

function square ({ x, y, cell, count, share, isHit }: Square): string {
  const opacity = (0.15 + 0.85 * share).toFixed(2)
  const rect = `<rect ${place(x, y, cell)} fill="${isHit ? BLUE : ORANGE}" fill-opacity="${opacity}"/>`
  if (cell < NUMBERED_CELL) return rect
  const style = `font-size="10" fill="${share > 0.5 ? '#fff' : INK}"`
  return rect + label(x + cell / 2, y + cell / 2 + 4, String(count), 'middle', style)
}
