import sharp from 'sharp'

const BACKGROUND = { r: 48, g: 48, b: 54 }
const GAP = 12
const QUALITY = 90

/** Stacks pictures vertically; a single one stays unchanged. */
export async function stacked (pictures: readonly Buffer[], format: 'png' | 'jpeg'): Promise<Buffer> {
  if (pictures.length === 1) return pictures[0]!
  const sizes = await Promise.all(pictures.map(picture => sharp(picture).metadata()))
  const tops = sizes.map((_, i) => sizes.slice(0, i).reduce((top, { height }) => top + height + GAP, 0))
  const width = Math.max(...sizes.map(({ width }) => width))
  const height = tops.at(-1)! + sizes.at(-1)!.height
  return sharp({ create: { width, height, channels: 3, background: BACKGROUND } })
    .composite(pictures.map((input, i) => ({ input, left: 0, top: tops[i]! })))
    .toFormat(format, { quality: QUALITY }).toBuffer()
}
