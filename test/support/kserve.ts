/** Requests as tritonclient's HTTP client writes them, and replies as it reads them. */
import { photo } from './files.ts'

export interface Reply { readonly status: number, readonly headers: Readonly<Record<string, string>>, readonly body: Buffer }
/** An output; its values are `data` where they came as JSON. */
export interface Tensor {
  readonly name: string
  readonly datatype: string
  readonly shape: number[]
  readonly data?: unknown[]
  readonly bytes?: Buffer
}

/** An element of a BYTES tensor: its length, and itself. */
export function element (bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32LE(bytes.length)
  return Buffer.concat([length, bytes])
}

export const PERSON = element(photo('sample-me.jpg'))

/** The JSON of one photo, as Python's json.dumps spaces it. @param rest what follows `inputs` */
export const photoHead = (rest: string, { size = PERSON.length } = {}): string =>
  `{"inputs": [{"name": "image", "shape": [1], "datatype": "BYTES", "parameters": {"binary_data_size": ${size}}}]${rest}}`

/** tritonclient's default call, without outputs. */
export const DEFAULT_HEAD = photoHead(', "parameters": {"binary_data_output": true}')

/** A request's bytes. There is no Content-Type. */
export function tritonRequest (path: string, json: string, tensors: Uint8Array, headers: readonly string[] = []): Buffer {
  const body = Buffer.concat([Buffer.from(json), tensors])
  const lines = [
    `POST ${path} HTTP/1.1`, 'Host: 127.0.0.1:8080', 'User-Agent: python/gevent-http-client-2.3.1', 'Connection: keep-alive',
    `Inference-Header-Content-Length: ${Buffer.byteLength(json)}`, ...headers, `Content-Length: ${body.length}`
  ]
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), body])
}

/** What InferResult makes of a reply: outputs in order, each with its part of the body. */
export function readReply ({ headers, body }: Omit<Reply, 'status'>): { head: Record<string, unknown>, outputs: Map<string, Tensor> } {
  const length = headers['inference-header-content-length']
  const { outputs, ...head } = JSON.parse(body.toString('utf8', 0, length === undefined ? body.length : Number(length)))
  let start = Number(length)
  const tensors = outputs.map(({ parameters, ...tensor }: Tensor & { parameters?: { binary_data_size: number } }) => {
    if (!parameters) return [tensor.name, tensor]
    start += parameters.binary_data_size
    return [tensor.name, { ...tensor, bytes: body.subarray(start - parameters.binary_data_size, start) }]
  })
  if (length !== undefined && start !== body.length) throw new Error(`${body.length - start} bytes are left`)
  return { head, outputs: new Map(tensors) }
}

export const floats = ({ bytes }: Tensor): number[] => [...new Float32Array(new Uint8Array(bytes!).buffer)]
