/** Drawn photos of classes, for classifiers to learn. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import type { ClassSet } from '../../cli/train/class-set.ts'
import { random, uniform, type Random } from '../../training/random.ts'

const SIDE = 40
/** How bright a place is, from 0 to 1. */
const PATTERNS: Readonly<Record<string, (x: number, y: number) => number>> = {
  checks: (x, y) => (Math.floor(x / 5) + Math.floor(y / 5)) % 2,
  columns: x => Math.floor(x / 5) % 2,
  rows: (_, y) => Math.floor(y / 5) % 2
}

/** A JPEG with a pattern of any place and color. */
async function drawn (pattern: string, next: Random): Promise<Buffer> {
  const [left, top] = [uniform(next, 0, 10), uniform(next, 0, 10)]
  const [dark, bright] = [0, 100].map(least => [0, 1, 2].map(() => uniform(next, least, least + 90))) as [number[], number[]]
  const data = Uint8Array.from({ length: SIDE * SIDE * 3 }, (_, i) => {
    const [x, y, channel] = [Math.floor(i / 3) % SIDE, Math.floor(i / 3 / SIDE), i % 3]
    const share = PATTERNS[pattern]!(x + left, y + top)
    return (1 - share) * dark[channel]! + share * bright[channel]! + uniform(next, 0, 30)
  })
  return await sharp(data, { raw: { width: SIDE, height: SIDE, channels: 3 } }).jpeg({ quality: 90 }).toBuffer()
}

/** Writes a folder per class (`checks`, `columns`, `rows`), each with so many photos. */
export async function drawClasses (folder: string, counts: Readonly<Record<string, number>>, seed: string): Promise<string> {
  for (const [pattern, count] of Object.entries(counts)) {
    const next = random(seed, pattern)
    mkdirSync(join(folder, pattern), { recursive: true })
    for (let i = 0; i < count; i++) writeFileSync(join(folder, pattern, `${i}.jpg`), await drawn(pattern, next))
  }
  return folder
}

/** A set as read, in which each photo's bytes are its hash: `cat/1.jpg a`. */
export function classSet (lines: readonly string[], { folder = 'photos', empty = [] as readonly string[] } = {}): ClassSet {
  const labelOf = (file: string): string => file.includes('/') ? file.split('/')[0]! : ''
  const photos = lines.map(line => line.split(' ') as [string, string]).map(([file, hash]) => ({ file, hash, label: labelOf(file) }))
  const facts = new Map(photos.map(({ file, hash }) => [file, { hash, width: 10, height: 10, orientation: 1 }]))
  return { folder, empty, photos: photos.map(({ file, label }) => ({ file, label })), facts }
}
