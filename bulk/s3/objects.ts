/** Reads, lists and writes objects of S3. */
import type { ListObjectsV2CommandOutput } from '@aws-sdk/client-s3'
import type { S3 } from './client.ts'
import type { S3Name } from './s3-name.ts'

/** An object as a bucket's listing has it. */
export interface S3Object { readonly key: string, readonly etag: string }

export interface S3Range { readonly start: number, readonly bytes: number }

export interface DownloadOptions {
  /** By default the whole object. */
  readonly range?: S3Range | undefined
  readonly signal?: AbortSignal | undefined
  /** Called with the size of what follows, before anything is read. It may throw. */
  readonly onSize?: (bytes: number) => void
}

/** How often a download is continued after its connection broke, without a byte in between. */
const MAX_BREAKS = 3
const BREAK_PAUSE = 200

/** Objects whose keys begin with a prefix, in pages of up to 1,000, sorted by their keys' UTF-8. @throws the SDK's errors */
export async function * listObjects ({ sdk, client }: S3, { bucket, key }: S3Name, signal?: AbortSignal): AsyncGenerator<S3Object[]> {
  let token: string | undefined
  do {
    const command = new sdk.ListObjectsV2Command({ Bucket: bucket, Prefix: key, ContinuationToken: token })
    const page: ListObjectsV2CommandOutput = await client.send(command, abortable(signal))
    yield (page.Contents ?? []).map(({ Key = '', ETag }) => ({ key: Key, etag: toEtag(ETag) }))
    token = page.NextContinuationToken
  } while (token !== undefined)
}

/** The ETag of an object. @throws the SDK's errors */
export async function etagOf ({ sdk, client }: S3, { bucket, key }: S3Name): Promise<string> {
  return toEtag((await client.send(new sdk.HeadObjectCommand({ Bucket: bucket, Key: key }))).ETag)
}

const toEtag = (text = ''): string => text.replaceAll('"', '')

/**
 * The bytes of an object. The SDK tries requests again; a body that ends early is continued where it ended, with the same ETag.
 * @throws the SDK's errors; PreconditionFailed if the object changed while it was read
 */
export async function * download (s3: S3, name: S3Name, options: DownloadOptions = {}): AsyncGenerator<Uint8Array> {
  const part: Part = { start: options.range?.start ?? 0, end: endOf(options.range), etag: undefined }
  for (let breaks = 0; part.start < part.end; breaks++) {
    if (breaks > 0) await new Promise(resolve => setTimeout(resolve, BREAK_PAUSE * 2 ** breaks))
    const before = part.start
    const problem = yield * readPart(s3, name, { part, options })
    if (problem === undefined) return
    options.signal?.throwIfAborted()
    if (part.start > before) breaks = 0
    else if (breaks === MAX_BREAKS) throw problem
  }
}

/** What is still to be read: `start` moves on. */
interface Part { start: number, readonly end: number, etag: string | undefined }

const endOf = (range: S3Range | undefined): number => range ? range.start + range.bytes : Infinity

interface PartRead { readonly part: Part, readonly options: DownloadOptions }

/** @returns why it ended before all was read */
async function * readPart ({ sdk, client }: S3, { bucket, key }: S3Name, { part, options }: PartRead): AsyncGenerator<Uint8Array, unknown> {
  const isWhole = part.start === 0 && part.end === Infinity
  const Range = isWhole ? undefined : `bytes=${part.start}-${part.end === Infinity ? '' : part.end - 1}`
  const command = new sdk.GetObjectCommand({ Bucket: bucket, Key: key, Range, IfMatch: part.etag })
  const { Body, ContentLength = 0, ETag } = await client.send(command, abortable(options.signal))
  if (part.etag === undefined) options.onSize?.(ContentLength)
  part.etag = ETag
  const end = part.start + ContentLength
  try {
    for await (const chunk of Body as AsyncIterable<Uint8Array>) {
      part.start += chunk.length
      yield chunk
    }
    return part.start < end ? Object.assign(new Error('The body is too short'), { code: 'ECONNRESET' }) : undefined
  } catch (error) {
    return error
  }
}

/** Writes an object as a whole. @throws the SDK's errors */
export async function put ({ sdk, client }: S3, { bucket, key }: S3Name, bytes: Uint8Array): Promise<void> {
  await client.send(new sdk.PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes }))
}

/** Deletes an object, if it exists. @throws the SDK's errors */
export async function remove ({ sdk, client }: S3, { bucket, key }: S3Name): Promise<void> {
  await client.send(new sdk.DeleteObjectCommand({ Bucket: bucket, Key: key }))
}

const abortable = (signal?: AbortSignal): { abortSignal?: AbortSignal } => signal ? { abortSignal: signal } : {}
