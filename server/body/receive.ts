import type { IncomingMessage } from 'node:http'
import { promisify } from 'node:util'
import { gunzip, inflate, type InputType, type ZlibOptions } from 'node:zlib'
import { ApiError } from '../errors.ts'

export interface ReceiveOptions {
  /** Bytes of the body, as sent and decompressed. */
  readonly maxBytes: number
  /** Milliseconds within which it arrives. */
  readonly timeout: number
  /** Called with the bytes that have arrived since the last call. What it throws ends the receiving. */
  readonly onBytes: (count: number) => void
}

type Decompress = (body: InputType, options: ZlibOptions) => Promise<Buffer>

const DECOMPRESS: Readonly<Record<string, Decompress>> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate)
}

/**
 * Receives a request's body, decompressed. Where it fails, the rest of the body is read and dropped, so that the client gets to the answer.
 * @throws ApiError BODY_TOO_LARGE, RECEIVE_TIMEOUT, CLIENT_CLOSED_REQUEST, UNSUPPORTED_MEDIA_TYPE, MALFORMED_REQUEST; what `onBytes` throws
 */
export async function receiveBody (stream: IncomingMessage, options: ReceiveOptions): Promise<Buffer> {
  const encoding = stream.headers['content-encoding']?.toLowerCase() ?? 'identity'
  const decompress = DECOMPRESS[encoding]
  if (!decompress && encoding !== 'identity') {
    throw new ApiError('UNSUPPORTED_MEDIA_TYPE', `Cannot read a body with Content-Encoding ${encoding}; send it as gzip, deflate or uncompressed`)
  }
  const body = await collect(stream, options)
  if (!decompress || body.length === 0) return body
  const plain = await decompress(body, { maxOutputLength: options.maxBytes }).catch(error => {
    throw decompressError(error, encoding, options.maxBytes)
  })
  options.onBytes(plain.length)
  return plain
}

/** @throws ApiError BODY_TOO_LARGE naming the limit */
export function checkLength (length: number, maxBytes: number): void {
  if (length > maxBytes) throw tooLarge('The request body', maxBytes)
}

const tooLarge = (what: string, maxBytes: number): ApiError =>
  new ApiError('BODY_TOO_LARGE', `${what} has more than ${maxBytes} bytes, the limit (MAX_BODY_BYTES)`)

function collect (stream: IncomingMessage, { maxBytes, timeout, onBytes }: ReceiveOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    const timer = timeout > 0 ? setTimeout(() => fail(new ApiError('RECEIVE_TIMEOUT', 'The request did not arrive in time')), timeout) : undefined
    stream.on('data', take).once('end', () => { clearTimeout(timer); resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length)) })
    stream.once('error', cause => fail(new ApiError('CLIENT_CLOSED_REQUEST', 'The client left before its request had arrived', { cause })))

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

function decompressError (error: { code?: string }, encoding: string, maxBytes: number): ApiError {
  if (error.code === 'ERR_BUFFER_TOO_LARGE') return tooLarge('The decompressed body', maxBytes)
  return new ApiError('MALFORMED_REQUEST', `The body is not ${encoding}, as its Content-Encoding says`, { cause: error })
}
