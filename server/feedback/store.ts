/** Photos and their corrected boxes, in a folder that training reads: photos named by their SHA-256, and a COCO file. */
import { readdir, readFile, realpath, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { rounded } from '../../engine/numbers.ts'
import type { ImageFormat } from '../../engine/results.ts'
import type { Box, Size } from '../../head/decode/boxes.ts'
import { ConfigError, problem } from '../config.ts'
import { ApiError } from '../errors.ts'
import { Categories } from './categories.ts'
import { EMPTY, entriesOf, parseInstances, textOf, type Entry, type Instances, type InstanceImage } from './instances.ts'
import { removeUnfinished, writeAtomically } from './write-atomically.ts'

/** The COCO file. */
export const INSTANCES = 'instances.json'
const EXTENSIONS: Record<ImageFormat, string> = { jpeg: 'jpg', png: 'png', webp: 'webp', avif: 'avif', gif: 'gif', tiff: 'tif', bmp: 'bmp' }
const HASHED = /^[0-9a-f]{64}\.[a-z]+$/
/** Errors of writing to a full disk. */
const FULL = ['ENOSPC', 'EDQUOT', 'EFBIG']

/** A photo to store. */
export interface FeedbackPhoto {
  /** Its SHA-256, 64 hexadecimal digits. */
  readonly hash: string
  readonly format: ImageFormat
  readonly bytes: Uint8Array
  /** In pixels, as displayed. */
  readonly size: Size
}

/** An object in a photo, in pixels of the photo as displayed. */
export interface FeedbackBox { readonly label: string, readonly box: Box }

/** What is known about the boxes of a photo besides: the model whose detections were corrected. */
export interface Remarks { readonly model?: string | undefined }

/** What has been stored. */
export interface Stored { readonly file: string, readonly boxes: number, readonly replaced: boolean }

/** The feedback of one server. All writes go through it, so that none is lost; the COCO file is replaced in one step. */
export class FeedbackStore {
  readonly #folder: string
  readonly #maxBytes: number
  /** By the names of their files. */
  readonly #entries: Map<string, Entry>
  /** Writes of photos that are done, or under way. */
  readonly #photos: Map<string, Promise<void>>
  readonly #categories: Categories
  /** Members of the COCO file besides images, annotations and categories. */
  readonly #others: Readonly<Record<string, unknown>>
  /** Of all files except the COCO file, and of that. */
  #bytes: number
  #indexBytes: number
  #imageId: number
  #annotationId: number
  #writing: Promise<void> = Promise.resolve()
  /** The write that begins when the current one is done. */
  #next: Promise<void> | undefined

  private constructor (folder: string, maxBytes: number, instances: Instances, sizes: ReadonlyMap<string, number>) {
    const { images, annotations, categories, ...others } = instances
    this.#folder = folder
    this.#maxBytes = maxBytes
    this.#others = others
    const isThere = ({ image: { file_name: name } }: Entry): boolean => !HASHED.test(name) || sizes.has(name)
    this.#entries = new Map([...entriesOf(instances)].filter(([, entry]) => isThere(entry)))
    this.#photos = new Map([...sizes.keys()].map(name => [name, Promise.resolve()]))
    this.#categories = new Categories(categories)
    for (const { annotations } of this.#entries.values()) for (const { category_id: id } of annotations) this.#categories.use(id)
    this.#imageId = highest(images)
    this.#annotationId = highest(annotations)
    this.#indexBytes = sizes.get(INSTANCES) ?? 0
    this.#bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0) - this.#indexBytes
  }

  /**
   * Opens a folder. Photos that were deleted from it lose their boxes.
   * @param maxBytes maximum size of all files in it
   * @throws ConfigError if its COCO file can't be read
   */
  static async open (folder: string, maxBytes: number): Promise<FeedbackStore> {
    await removeUnfinished(folder)
    const names = await readdir(folder)
    const sizes = await Promise.all(names.map(async name => [name, await fileSize(join(folder, name))] as const))
    const instances = names.includes(INSTANCES) ? await readInstances(folder) : EMPTY
    const files = sizes.filter((one): one is readonly [string, number] => one[1] !== undefined)
    return new FeedbackStore(folder, maxBytes, instances, new Map(files))
  }

  /** Number of photos with boxes. */
  get photos (): number { return this.#entries.size }

  /** Size of all files. */
  get bytes (): number { return this.#bytes + this.#indexBytes }

  /** The size in pixels of a photo that is stored. @throws ApiError PHOTO_NOT_FOUND */
  sizeOf (hash: string): Size { return this.#find(hash).image }

  /**
   * Stores a photo with its boxes, in place of those that it had.
   * @throws ApiError FEEDBACK_FULL
   */
  async add ({ hash, format, bytes, size }: FeedbackPhoto, boxes: readonly FeedbackBox[], remarks: Remarks = {}): Promise<Stored> {
    const file = `${hash}.${EXTENSIONS[format]}`
    const isNew = !this.#photos.has(file)
    this.#checkRoom(isNew ? bytes.length : 0, boxes)
    await this.#keep(file, bytes)
    const id = this.#entries.get(file)?.image.id ?? ++this.#imageId
    return await this.#put({ id, file_name: file, ...size }, boxes, remarks).catch(async error => {
      if (isNew && !this.#entries.has(file)) await this.#remove(file, bytes.length)
      throw error
    })
  }

  /** Replaces the boxes of a photo that is stored. @throws ApiError PHOTO_NOT_FOUND, FEEDBACK_FULL */
  async replace (hash: string, boxes: readonly FeedbackBox[], remarks: Remarks = {}): Promise<Stored> {
    const { image } = this.#find(hash)
    this.#checkRoom(0, boxes)
    const { model: _previous, ...rest } = image
    return await this.#put(rest as InstanceImage, boxes, remarks)
  }

  #find (hash: string): Entry {
    const found = Object.values(EXTENSIONS).map(extension => this.#entries.get(`${hash}.${extension}`)).find(entry => entry !== undefined)
    if (found) return found
    throw new ApiError('PHOTO_NOT_FOUND', `No photo with the hash sha256:${hash} is stored: send the photo itself`)
  }

  #checkRoom (photoBytes: number, boxes: readonly FeedbackBox[]): void {
    const text = JSON.stringify(boxes).length + boxes.length * BOX_BYTES + PHOTO_BYTES
    if (this.bytes + photoBytes + text <= this.#maxBytes) return
    throw new ApiError('FEEDBACK_FULL', `The folder for feedback would exceed ${this.#maxBytes} bytes, the limit (FEEDBACK_MAX_BYTES)`)
  }

  /** Writes a photo once, and again if it was deleted. */
  async #keep (file: string, bytes: Uint8Array): Promise<void> {
    const path = join(this.#folder, file)
    const known = this.#photos.get(file)
    if (known && await known.then(async () => await fileSize(path)) !== undefined) return
    if (!known) this.#bytes += bytes.length
    const written = writeAtomically(path, [bytes]).catch(error => {
      this.#photos.delete(file)
      this.#bytes -= bytes.length
      throw asFull(error)
    })
    this.#photos.set(file, written)
    await written
  }

  /** Removes a photo whose boxes could not be stored. */
  async #remove (file: string, bytes: number): Promise<void> {
    if (!this.#photos.delete(file)) return
    this.#bytes -= bytes
    await rm(join(this.#folder, file), { force: true })
  }

  async #put (image: InstanceImage, boxes: readonly FeedbackBox[], { model }: Remarks): Promise<Stored> {
    const { file_name: file } = image
    const previous = this.#entries.get(file)
    const annotations = boxes.map(({ label, box }) =>
      ({ id: ++this.#annotationId, image_id: image.id, category_id: this.#categories.idOf(label), ...cocoBox(box), iscrowd: 0 }))
    const entry = { image: { ...image, ...(model !== undefined && { model }) }, annotations }
    const classes = this.#categories.list
    this.#exchange(file, previous, entry)
    await this.#save().catch(error => {
      if (this.#entries.get(file) === entry) {
        this.#categories.restore(classes)
        this.#exchange(file, entry, previous)
      }
      throw error
    })
    return { file, boxes: boxes.length, replaced: previous !== undefined }
  }

  #exchange (file: string, before: Entry | undefined, after: Entry | undefined): void {
    if (after) this.#entries.set(file, after)
    else this.#entries.delete(file)
    for (const { category_id: id } of after?.annotations ?? []) this.#categories.use(id)
    for (const { category_id: id } of before?.annotations ?? []) this.#categories.release(id)
  }

  /** Writes all changes so far. Requests that come during a write share the next one. */
  async #save (): Promise<void> {
    this.#next ??= this.#writing.catch(() => {}).then(() => {
      this.#next = undefined
      this.#writing = this.#write()
      return this.#writing
    })
    await this.#next
  }

  async #write (): Promise<void> {
    const link = join(this.#folder, INSTANCES)
    const path = await realpath(link).catch(() => link) // a link stays one
    const others = { ...this.#others, categories: this.#categories.list }
    await writeAtomically(path, textOf(others, [...this.#entries.values()])).catch(error => { throw asFull(error) })
    this.#indexBytes = (await stat(path)).size
  }
}

/** Text of a box and of a photo in the COCO file, besides labels and corners: more rather than less. */
const BOX_BYTES = 120
const PHOTO_BYTES = 500

const highest = (items: ReadonlyArray<{ readonly id: number }>): number => items.reduce((highest, { id }) => Math.max(highest, id), 0)

function cocoBox ([x1, y1, x2, y2]: Box) {
  const [width, height] = [rounded(x2 - x1, 2), rounded(y2 - y1, 2)]
  return { bbox: [rounded(x1, 2), rounded(y1, 2), width, height], area: rounded(width * height, 2) }
}

/** An error of writing as FEEDBACK_FULL if the disk is full. */
export function asFull (error: unknown): unknown {
  const isFull = FULL.includes((error as NodeJS.ErrnoException).code ?? '')
  return isFull ? new ApiError('FEEDBACK_FULL', 'The disk with the folder for feedback is full', { cause: error }) : error
}

/** The size of a file, also of one that a link leads to; undefined for others. */
async function fileSize (path: string): Promise<number | undefined> {
  const found = await stat(path).catch(() => undefined)
  return found?.isFile() ? found.size : undefined
}

async function readInstances (folder: string): Promise<Instances> {
  try {
    return parseInstances(await readFile(join(folder, INSTANCES), 'utf8'))
  } catch (error) {
    throw new ConfigError(problem('FEEDBACK_DIR', folder, `its ${INSTANCES} can't be read: ${(error as Error).message}`))
  }
}
