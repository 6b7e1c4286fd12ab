import { setImmediate as turn } from 'node:timers/promises'
import { promisify } from 'node:util'
import { deflate, gzip } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { totalBytes } from '../../../engine/chunks.ts'
import type { Chunks } from '../../../engine/results.ts'
import type { WantedOutput } from './request.ts'
import { jsonPieces, type OutputTensor } from './tensors.ts'

/** A serialized reply. */
export interface Encoded {
  /** JSON, including the values of tensors not sent as bytes. */
  readonly json: Buffer
  /** The concatenated bytes of the others. */
  readonly binary: Chunks
  readonly isBinary: boolean
}

/**
 * Serializes outputs as JSON, or as bytes if requested.
 * @param head members of the JSON besides the outputs
 */
export async function encodeReply (head: object, tensors: readonly OutputTensor[], wanted: readonly WantedOutput[]): Promise<Encoded> {
  const outputs = tensors.map((tensor, i) => ({ tensor, isBinary: wanted[i]!.binary }))
  const pieces: string[] = []
  for (const { tensor, isBinary } of outputs) {
    const { name, datatype, shape, body } = tensor
    const description = JSON.stringify({ name, datatype, shape, ...(isBinary && { parameters: { binary_data_size: totalBytes(body) } }) })
    pieces.push(isBinary ? description : `${description.slice(0, -1)},"data":${await dataOf(tensor)}}`)
  }
  const binary = outputs.filter(({ isBinary }) => isBinary)
  const json = Buffer.from(`${JSON.stringify(head).slice(0, -1)},"outputs":[${pieces.join()}]}${binary.length > 0 ? '' : '\n'}`)
  return { json, binary: binary.flatMap(({ tensor }) => tensor.body), isBinary: binary.length > 0 }
}

/** Values as JSON. Yields to the event loop after each piece. */
async function dataOf (tensor: OutputTensor): Promise<string> {
  const pieces: string[] = []
  for (const piece of jsonPieces(tensor)) {
    pieces.push(piece)
    await turn()
  }
  return `[${pieces.join()}]`
}

const COMPRESS = { gzip: promisify(gzip), deflate: promisify(deflate) }
/** Fastest level: activations hardly shrink anyway. */
const COMPRESSION = { level: 1 }
/** Maximum length of an Accept-Encoding header: parsing takes quadratic time. */
const MAX_ACCEPT = 1024

/** Sends a reply, compressed if the client accepts it. */
export async function sendReply (request: FastifyRequest, reply: FastifyReply, { json, binary, isBinary }: Encoded): Promise<FastifyReply> {
  const body = Buffer.concat([json, ...binary])
  const encoding = acceptedEncoding(request)
  if (isBinary) reply.header('inference-header-content-length', json.length)
  if (encoding) reply.header('content-encoding', encoding)
  reply.header('vary', 'accept-encoding').type(isBinary ? 'application/octet-stream' : 'application/json')
  return reply.send(encoding ? await COMPRESS[encoding](body, COMPRESSION) : body)
}

function acceptedEncoding (request: FastifyRequest): keyof typeof COMPRESS | undefined {
  const { 'accept-encoding': accepted = '' } = request.headers
  if (accepted.length > MAX_ACCEPT) return undefined
  const encoding = request.accepts().encoding(['gzip', 'deflate', 'identity'])
  return encoding === 'gzip' || encoding === 'deflate' ? encoding : undefined
}
