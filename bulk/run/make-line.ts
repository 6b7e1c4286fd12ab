import { hash } from 'node:crypto'
import { SCORING_DIGITS, toReply } from '../../engine/reply.ts'
import { toFailure } from '../failure.ts'
import type { ImageReader, Item } from '../item.ts'
import type { Line } from '../line.ts'
import { escapePart, outputPath } from '../outputs/output-path.ts'
import type { OutputStore } from '../outputs/store.ts'
import type { ReadBuffer } from '../read-buffer.ts'
import type { Found, RunModel } from './run-model.ts'

/** Where images come from, what finds objects in them, and where files about them go. */
export interface LineContext {
  readonly reader: ImageReader
  readonly model: Pick<RunModel, 'name' | 'find'>
  readonly store: OutputStore
}

interface LineOptions {
  /** Memory to read the image into, which nothing else uses meanwhile. */
  readonly buffer?: ReadBuffer
  /** Whether a content has a line already. Then there is nothing to do. */
  readonly isKnown?: (sha256: string) => boolean
  /** The image may have files about another content: they are removed. */
  readonly isChanged?: boolean
}

/**
 * Reads an image, finds objects in it, and writes the files about it; so a line means that its files exist.
 * @returns undefined if the content is known
 * @throws errors that are not the image's: the run ends with them
 */
export async function makeLine (
  { name, stamp }: Item, context: LineContext, { isKnown, isChanged = false, buffer }: LineOptions = {}
): Promise<Line | undefined> {
  const image = { file: name, stamp, sha256: '' }
  try {
    const bytes = await context.reader.read(name, { buffer })
    image.sha256 = hash('sha256', bytes)
    if (isKnown?.(image.sha256)) return undefined
    const found = await context.model.find(bytes)
    await writeFiles(name, found, context.store, isChanged)
    return { ...image, ...toReply(context.model.name, found.output, SCORING_DIGITS) }
  } catch (error) {
    const failure = toFailure(error)
    if (!failure) throw error
    if (isChanged) await removeFiles(name, context.store)
    return { ...image, error: failure }
  }
}

async function writeFiles (name: string, found: Found, store: OutputStore, isChanged: boolean): Promise<void> {
  const { output, drawing, crops, features } = found
  if (isChanged) await removeFiles(name, store)
  if (!drawing && !features && crops.length === 0) return
  const paths = pathsOf(name)
  if (drawing) await store.write(paths.drawing, drawing)
  if (features) await store.write(paths.features, features)
  await Promise.all(crops.map((crop, i) => store.write(`${paths.crops}${i}-${escapePart(output.objects[i]!.label)}.jpg`, crop)))
}

async function removeFiles (name: string, store: OutputStore): Promise<void> {
  const { drawing, features, crops } = pathsOf(name)
  for (const path of [drawing, features]) await store.remove(path)
  for await (const path of store.list(crops)) await store.remove(path)
}

const pathsOf = (name: string) => ({
  drawing: outputPath('drawings', name, '.jpg'),
  features: outputPath('features', name, '.safetensors'),
  crops: `${outputPath('crops', name, '')}/`
})
