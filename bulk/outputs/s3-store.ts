/** Results in a bucket. */
import { SourceError } from '../errors.ts'
import { openS3, type S3, type S3Options } from '../s3/client.ts'
import { download, etagOf, listObjects, put, remove } from '../s3/objects.ts'
import { parseS3Name, toS3Name, type S3Name } from '../s3/s3-name.ts'
import { s3Problem } from '../s3/s3-problem.ts'
import { upload } from '../s3/upload.ts'
import { collected } from './collected.ts'
import type { OutputStore } from './store.ts'

/** Objects whose keys begin as the name says. Readers see an object once it has been written completely. */
export class S3Store implements OutputStore {
  readonly name: string
  readonly #s3: S3
  readonly #place: S3Name

  private constructor (name: string, place: S3Name, s3: S3) {
    this.name = name
    this.#place = place
    this.#s3 = s3
  }

  /** @param name as `s3://bucket/folder` @throws SourceError if it is not, MissingPackageError */
  static async open (name: string, options?: S3Options): Promise<S3Store> {
    const place = parseS3Name(name)
    if (!place) throw new SourceError(`${name}: expected s3://BUCKET/FOLDER`)
    const key = place.key === '' || place.key.endsWith('/') ? place.key : `${place.key}/`
    return new S3Store(name, { ...place, key }, await openS3(options))
  }

  async write (path: string, bytes: Uint8Array | string): Promise<void> {
    await put(this.#s3, this.#at(path), Buffer.from(bytes as string)).catch(error => this.#fail(path, error))
  }

  async stream (path: string, chunks: AsyncIterable<Uint8Array | string>): Promise<void> {
    const problem = await upload(this.#s3, this.#at(path), collected(chunks))
    if (problem !== undefined) this.#fail(path, problem)
  }

  async * read (path: string, range?: { readonly start: number, readonly bytes: number }): AsyncGenerator<Uint8Array> {
    try {
      yield * download(this.#s3, this.#at(path), { range })
    } catch (error) {
      if ((error as Error).name !== 'InvalidRange') this.#fail(path, error)
    }
  }

  async exists (path: string): Promise<boolean> {
    return await etagOf(this.#s3, this.#at(path)).then(() => true, error => {
      if (error.$metadata?.httpStatusCode === 404 && error.name !== 'NoSuchBucket') return false
      return this.#fail(path, error)
    })
  }

  async * list (folder: string): AsyncGenerator<string> {
    try {
      for await (const page of listObjects(this.#s3, this.#at(folder))) yield * page.map(({ key }) => key.slice(this.#place.key.length))
    } catch (error) { this.#fail(folder, error) }
  }

  async remove (path: string): Promise<void> {
    await remove(this.#s3, this.#at(path)).catch(error => this.#fail(path, error))
  }

  async close (): Promise<void> { this.#s3.client.destroy() }

  #at (path: string): S3Name { return { bucket: this.#place.bucket, key: this.#place.key + path } }

  #fail (path: string, error: unknown): never {
    throw new SourceError(`${toS3Name(this.#at(path))}: ${s3Problem(error, this.#s3.isAnonymous)}`)
  }
}
