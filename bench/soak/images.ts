import { readdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import sharp from 'sharp'
import { CommandError, fileError, readInput } from '../../cli/command.ts'

/** Photos, and what broken or hostile clients send instead of them. */
export interface Images {
  readonly photo: readonly Uint8Array[]
  /** No image at all. */
  readonly garbage: readonly Uint8Array[]
  /** Photos that end in the middle. */
  readonly truncated: readonly Uint8Array[]
  /** Small files that declare more pixels than anyone wants to decode. */
  readonly huge: readonly Uint8Array[]
}

export type Kind = keyof Images

const PACKAGE = 'nanodet-m-416-tfjs'
const START_OF_FRAME = Buffer.of(0xff, 0xc0)

/** A photo and where it lies. */
export interface Photo { readonly path: string, readonly bytes: Uint8Array }

/** Reads the photos of a folder, or those that ship with the weights' npm package. @throws CommandError naming what is missing */
export async function readPhotos (folder = packagePhotos()): Promise<Photo[]> {
  const names = await readdir(folder).catch(error => { throw fileError(folder, error) })
  const paths = names.filter(name => /\.jpe?g$/i.test(name)).sort().map(name => join(folder, name))
  if (paths.length === 0) throw new CommandError(`${folder}: has no .jpg file`)
  return Promise.all(paths.map(async path => ({ path, bytes: await readInput(path) })))
}

/** The same photos, and what is made of them. @throws CommandError naming what is missing */
export async function readImages (folder?: string): Promise<Images> {
  const photo = (await readPhotos(folder)).map(({ bytes }) => bytes)
  const truncated = photo.map(bytes => bytes.subarray(0, bytes.length / 2))
  return { photo, garbage: [Buffer.alloc(50_000, 'not an image ')], truncated, huge: [await hugePng(), await hugeJpeg()] }
}

function packagePhotos (): string {
  try {
    return join(dirname(createRequire(import.meta.url).resolve(`${PACKAGE}/package.json`)), 'assets')
  } catch (cause) {
    throw new CommandError(`Expected --images DIR: the package ${PACKAGE}, whose photos are the default, is not installed`, { cause })
  }
}

/** 256 megapixels in 750 KB. */
const hugePng = (): Promise<Buffer> =>
  sharp({ create: { width: 16_000, height: 16_000, channels: 3, background: 'black' } }).png({ compressionLevel: 9 }).toBuffer()

/** A small JPEG whose header says 65535×65535. */
async function hugeJpeg (): Promise<Buffer> {
  const bytes = await sharp({ create: { width: 64, height: 64, channels: 3, background: 'black' } }).jpeg().toBuffer()
  return Buffer.from(bytes.fill(0xff, ...sizeField(bytes)))
}

function sizeField (jpeg: Buffer): [start: number, end: number] {
  const start = jpeg.indexOf(START_OF_FRAME) + 5
  return [start, start + 4]
}
