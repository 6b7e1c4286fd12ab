import { Readable } from 'node:stream'
import { MissingPackageError } from '../errors.ts'
import type { S3 } from './client.ts'
import type { S3Name } from './s3-name.ts'

/** Bytes of a part: 10,000 parts are 80 GB. */
const PART = 8 * 2 ** 20
const PARALLEL = 2

/**
 * Writes an object piece by piece: a small one with one request, others in parts. If `chunks` throws, nothing is written.
 * @returns the SDK's error, if it fails @throws what `chunks` throws; MissingPackageError
 */
export async function upload ({ client }: S3, { bucket, key }: S3Name, chunks: AsyncIterable<Uint8Array>): Promise<unknown> {
  const { Upload } = await import('@aws-sdk/lib-storage').catch(error => {
    throw new MissingPackageError('@aws-sdk/lib-storage', 'Writing s3:// names', { cause: error })
  })
  let ended: { readonly error: unknown } | undefined
  async function * watched (): AsyncGenerator<Uint8Array> {
    try {
      yield * chunks
    } catch (error) {
      ended = { error }
      throw error
    }
  }
  const params = { Bucket: bucket, Key: key, Body: Readable.from(watched()) }
  const problem = await new Upload({ client, params, partSize: PART, queueSize: PARALLEL }).done().then(() => undefined, error => error)
  if (ended) throw ended.error
  return problem
}
