/** Reads images by their names, whatever these name. */
import type { ImageReader, ReadOptions } from '../item.ts'
import type { S3Options } from '../s3/client.ts'
import { parseS3Name } from '../s3/s3-name.ts'
import { readImageFile, stampOf } from './files.ts'
import { S3Images } from './s3-images.ts'
import { parseZipName, ZipFiles } from './zip-names.ts'

/** Reads images, and shows whether they have changed. */
export class AnyReader implements ImageReader {
  readonly zips = new ZipFiles()
  readonly s3: S3Images

  constructor (options?: S3Options) { this.s3 = new S3Images(options) }

  async read (name: string, options: ReadOptions = {}): Promise<Uint8Array> {
    const inS3 = parseS3Name(name)
    if (inS3) return await this.s3.read(inS3, options.signal)
    const inZip = parseZipName(name)
    return await (inZip ? this.zips.read(inZip) : readImageFile(name, options))
  }

  /** The stamp of an image; an empty text if it can't be read. */
  async stamp (name: string): Promise<string> {
    const inS3 = parseS3Name(name)
    if (inS3) return await this.s3.stamp(inS3)
    const inZip = parseZipName(name)
    return await (inZip ? this.zips.stamp(inZip) : stampOf(name))
  }

  async close (): Promise<void> {
    await Promise.all([this.zips.close(), this.s3.close()])
  }
}
