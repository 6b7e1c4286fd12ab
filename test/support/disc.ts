/** Photos of a disc on a gray ground, to see where networks respond to it. */
import sharp from 'sharp'
import type { Size } from '../../head/decode/boxes.ts'

export interface Disc { readonly x: number, readonly y: number, readonly radius: number }

/** How the pixels of an upright photo are stored for an EXIF orientation. */
const TURNS: Readonly<Record<number, number>> = { 1: 0, 6: 270, 8: 90 }

/** A PNG that displays upright; without a disc, its ground alone. */
export async function discPhoto ({ width, height }: Size, orientation: 1 | 6 | 8, disc?: Disc): Promise<Buffer> {
  const circle = disc ? `<circle cx="${disc.x}" cy="${disc.y}" r="${disc.radius}" fill="#fff"/>` : ''
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="#555"/>${circle}</svg>`
  const upright = await sharp(Buffer.from(svg)).removeAlpha().png().toBuffer()
  return await sharp(upright).rotate(TURNS[orientation]).withMetadata({ orientation }).png().toBuffer()
}
