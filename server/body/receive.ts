import type { IncomingMessage } from 'node:http'
import { createGunzip, createInflate, type Gunzip, type Inflate } from 'node:zlib'
import { totalBytes } from '../../engine/chunks.ts'
import { OverloadError } from '../../engine/errors.ts'
import type { Chunks } from '../../engine/results.ts'
import { ApiError } from '../errors.ts'

export interface ReceiveOptions {
  /** Maximum size of the body in bytes, both as sent and decompressed. */
  readonly maxBytes: number
  /** Milliseconds within which it must arrive. */
  readonly timeout: number
  /** Called with the bytes that have arrived since the last call. If it throws, receiving stops. */
  readonly onBytes: (count: number) => void
}

/** Smaller pieces cost more than a copy. */
const MIN_PIECE = 2 ** 12
/** Bytes that are decompressed at a time. */
const CHUNK = 2 ** 17

type CreateDecoder = (options: { chunkSize: number }) => Gunzip | Inflate

const DECODERS: ReadonlyMap<string, CreateDecoder> = new Map([['gzip', createGunzip], ['x-gzip', createGunzip], ['deflate', createInflate]])

/**
 * Receives and decompresses a request's body, in pieces as they arrive; none if it is empty. On failure, the rest is read and dropped, so
 * that the client can read the reply.
 * @throws ApiError BODY_TOO_LARGE, RECEIVE_TIMEOUT, CLIENT_CLOSED_REQUEST, UNSUPPORTED_MEDIA_TYPE, MALFORMED_REQUEST; what `onBytes` throws
 */
export async function receiveBody (stream: IncomingMessage, options: ReceiveOptions): Promise<Chunks> {
  const encoding = stream.headers['content-encoding']?.toLowerCase() ?? 'identity'
  const createDecoder = DECODERS.get(encoding)
  if (!createDecoder && encoding !== 'identity') {
    throw new ApiError('UNSUPPORTED_MEDIA_TYPE', `Cannot read a body with Content-Encoding ${encoding}; send it as gzip, deflate or uncompressed`)
  }
  const body = await collect(stream, options)
  if (!createDecoder || body.length === 0) return inLargePieces(body)
  return await decompress(body, createDecoder({ chunkSize: CHUNK }), options).catch(error => { throw decompressError(error, encoding) })
}

/** Counts decompressed bytes as they are produced: a few bytes may become many. */
async function decompress (body: Chunks, decoder: Gunzip | Inflate, { maxBytes, onBytes }: ReceiveOptions): Promise<Chunks> {
  const chunks: Buffer[] = []
  let length = 0
  decoder.end(Buffer.concat(body))
  for await (const chunk of decoder as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > maxBytes) throw tooLarge('The decompressed body', maxBytes)
    onBytes(chunk.length)
    chunks.push(chunk)
  }
  return chunks
}

const inLargePieces = (chunks: Chunks): Chunks =>
  totalBytes(chunks) < chunks.length * MIN_PIECE ? [Buffer.concat(chunks)] : chunks

/** @throws ApiError BODY_TOO_LARGE naming the limit */
export function checkLength (length: number, maxBytes: number): void {
  if (length > maxBytes) throw tooLarge('The request body', maxBytes)
}

const tooLarge = (what: string, maxBytes: number): ApiError =>
  new ApiError('BODY_TOO_LARGE', `${what} has more than ${maxBytes} bytes, the limit (MAX_BODY_BYTES)`)

function collect (stream: IncomingMessage, { maxBytes, timeout, onBytes }: ReceiveOptions): Promise<Chunks> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    const timer = timeout > 0 ? setTimeout(() => fail(new ApiError('RECEIVE_TIMEOUT', 'The request did not arrive in time')), timeout) : undefined
    stream.on('data', take).once('end', () => { clearTimeout(timer); resolve(chunks) })
    stream.once('error', cause => fail(new ApiError('CLIENT_CLOSED_REQUEST', 'The client disconnected before its request had arrived', { cause })))

    function take (chunk: Buffer): void {
      try {
        length += chunk.length
        checkLength(length, maxBytes)
        onBytes(chunk.length)
        chunks.push(chunk)
      } catch (error) {
        fail(error)
      }
    }

    function fail (error: unknown): void {
      clearTimeout(timer)
      stream.off('data', take)
      stream.resume()
      reject(error)
    }
  })
}

function decompressError (error: unknown, encoding: string): unknown {
  if (error instanceof ApiError || error instanceof OverloadError) return error
  return new ApiError('MALFORMED_REQUEST', `The body is not ${encoding}, contrary to its Content-Encoding`, { cause: error })
}
