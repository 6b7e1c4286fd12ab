/** Images in S3. */
import { isImageName } from '../../engine/image/image-name.ts'
import { SourceError, UnreadableError } from '../errors.ts'
import type { Item } from '../item.ts'
import { openS3, type S3, type S3Options } from '../s3/client.ts'
import { download, etagOf, listObjects } from '../s3/objects.ts'
import { parseS3Name, toS3Name, type S3Name } from '../s3/s3-name.ts'
import { s3Problem } from '../s3/s3-problem.ts'
import { checkSize } from './files.ts'

export interface S3ItemsOptions {
  /** The place of the results, whose objects are passed over. */
  readonly exclude?: string | undefined
  readonly signal?: AbortSignal | undefined
}

/** Reads images of S3; the SDK is loaded when the first is needed. */
export class S3Images {
  readonly #options: S3Options
  #opened: Promise<S3> | undefined

  constructor (options: S3Options = {}) { this.#options = options }

  /** Images whose keys begin with a prefix, but nothing hidden; also the object with exactly this key. @throws SourceError */
  async * items (prefix: S3Name, { exclude, signal }: S3ItemsOptions = {}): AsyncGenerator<Item> {
    const { bucket, key: start } = prefix
    checkApart(prefix, exclude)
    const s3 = await this.#s3()
    const isWanted = (key: string): boolean =>
      key === start || (isImageName(key) && !isHidden(key.slice(start.length)) && !isBelow({ bucket, key }, exclude))
    try {
      for await (const page of listObjects(s3, prefix, signal)) {
        for (const { key, etag } of page) if (isWanted(key)) yield { name: toS3Name({ bucket, key }), stamp: etag }
      }
    } catch (error) {
      signal?.throwIfAborted()
      throw new SourceError(`${toS3Name(prefix)}: ${s3Problem(error, s3.isAnonymous)}`)
    }
  }

  /** The ETag of an object; an empty text if it can't be read. */
  async stamp (name: S3Name): Promise<string> {
    return await etagOf(await this.#s3(), name).catch(() => '')
  }

  /** @throws UnreadableError */
  async read (name: S3Name, signal?: AbortSignal): Promise<Uint8Array> {
    const s3 = await this.#s3()
    try {
      const chunks: Uint8Array[] = []
      for await (const chunk of download(s3, name, { signal, onSize: checkSize })) chunks.push(chunk)
      return Buffer.concat(chunks)
    } catch (error) {
      signal?.throwIfAborted()
      throw error instanceof UnreadableError ? error : new UnreadableError(s3Problem(error, s3.isAnonymous))
    }
  }

  async close (): Promise<void> {
    (await this.#opened?.catch(() => undefined))?.client.destroy()
  }

  async #s3 (): Promise<S3> {
    this.#opened ??= openS3(this.#options)
    return await this.#opened
  }
}

const isHidden = (path: string): boolean => path.startsWith('.') || path.includes('/.')

function isBelow ({ bucket, key }: S3Name, folder: string | undefined): boolean {
  const place = folderOf(folder)
  return place?.bucket === bucket && place.key !== '' && key.startsWith(place.key)
}

/** @throws SourceError if results would be written between the images */
function checkApart ({ bucket, key }: S3Name, folder: string | undefined): void {
  const place = folderOf(folder)
  if (place?.bucket !== bucket || (place.key !== key && place.key !== `${key}/`)) return
  throw new SourceError(`${toS3Name({ bucket, key })}: is the place of the results, too; write them to a folder inside it, or elsewhere`)
}

function folderOf (name: string | undefined): S3Name | undefined {
  const place = name === undefined ? undefined : parseS3Name(name)
  return place && { bucket: place.bucket, key: place.key.replace(/(?<=[^/])$/, '/') }
}
