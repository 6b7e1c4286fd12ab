import { createHash } from 'node:crypto'
import { decodeImage } from '../../engine/image/decode.ts'
import { ImageError } from '../../engine/errors.ts'
import type { Size } from '../../head/decode/boxes.ts'
import { MAX_PHOTO_PIXELS } from '../../training/data/photo-cache.ts'
import { eachImage } from '../eval/each-image.ts'
import { readInput } from '../files.ts'
import type { Io } from '../io.ts'

/** Photos in memory at a time. */
const IN_FLIGHT = 4

/** A photo that was decoded; its size is that of the photo as displayed. */
export interface PhotoFacts extends Size {
  /** SHA-256 of the file. */
  readonly hash: string
  /** By EXIF: 1 if the photo is stored as it is displayed; from 5 on, width and height are swapped. */
  readonly orientation: number
}

/**
 * Decodes every photo once, so that none fails in the middle of a run.
 * @param files relative to `folder`
 * @returns by file, what is known of the photo, or why it can't be read
 * @throws CommandError naming a file that can't be opened
 */
export async function readPhotoFacts (folder: string, files: readonly string[], io: Io): Promise<Map<string, PhotoFacts | string>> {
  const unique = [...new Set(files)]
  const { results } = await eachImage(folder, unique, readFacts, { inFlight: IN_FLIGHT, io })
  return new Map(unique.map((file, i) => [file, results[i]!]))
}

async function readFacts (path: string): Promise<PhotoFacts | string> {
  const bytes = await readInput(path)
  try {
    const { width, height, orientation } = await decodeImage(bytes, MAX_PHOTO_PIXELS)
    return { width, height, orientation, hash: createHash('sha256').update(bytes).digest('hex') }
  } catch (error) {
    if (error instanceof ImageError) return error.message
    throw error
  }
}
