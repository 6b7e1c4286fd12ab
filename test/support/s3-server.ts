/** An S3 server on loopback, and a proxy before it that has the faults of networks. */
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, request as send, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import S3rver from 's3rver'

/** A fault of the next requests that match. */
export interface Fault {
  /** Searched in `GET /bucket/key?query`. */
  readonly match: RegExp
  /** A status; a connection that is reset; a body that ends after half of its bytes, or stops there for a time. */
  readonly kind: number | 'reset' | 'truncate' | 'stall'
  /** How many requests have it. */
  times: number
}

export interface S3Server {
  readonly endpoint: string
  /** `GET /bucket/key?query` of all requests. */
  readonly requests: string[]
  readonly faults: Fault[]
  close (): Promise<void>
}

/** Milliseconds without a byte. */
const STALL = 1_500

/** Sets the environment's credentials to those of the server. */
export async function startS3 (buckets: readonly string[]): Promise<S3Server> {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'S3RVER', AWS_SECRET_ACCESS_KEY: 'S3RVER', AWS_EC2_METADATA_DISABLED: 'true' })
  const directory = mkdtempSync(join(tmpdir(), 's3-'))
  const configureBuckets = buckets.map(name => ({ name }))
  const s3rver = new S3rver({ port: 0, address: '127.0.0.1', silent: true, directory, configureBuckets })
  const { port } = await s3rver.run()
  const [requests, faults]: [string[], Fault[]] = [[], []]
  const proxy = createServer((request, response) => {
    const line = `${request.method} ${request.url}`
    requests.push(line)
    forward({ request, response, port, fault: takeFault(faults, line) })
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const close = async (): Promise<void> => {
    proxy.closeAllConnections()
    proxy.close()
    await s3rver.close()
    rmSync(directory, { recursive: true })
  }
  return { endpoint: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, requests, faults, close }
}

function takeFault (faults: readonly Fault[], line: string): Fault['kind'] | undefined {
  const fault = faults.find(({ match, times }) => times > 0 && match.test(decodeURIComponent(line)))
  if (fault) fault.times--
  return fault?.kind
}

interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly port: number
  readonly fault: Fault['kind'] | undefined
}

function forward ({ request, response, port, fault }: Exchange): void {
  if (fault === 'reset') {
    request.socket.destroy()
    return
  }
  if (typeof fault === 'number') {
    request.resume().on('end', () => response.writeHead(fault, { 'content-type': 'application/xml' }).end(errorBody(fault)))
    return
  }
  const { method, url, headers } = request
  const upstream = send({ host: '127.0.0.1', port, method, path: url, headers }, answer => {
    response.writeHead(answer.statusCode!, answer.headers)
    if (fault === undefined) answer.pipe(response)
    else cut(answer, response, fault)
  })
  upstream.on('error', () => response.destroy())
  request.pipe(upstream)
}

const errorBody = (status: number): string =>
  `<?xml version="1.0"?><Error><Code>${status === 503 ? 'SlowDown' : 'InternalError'}</Code><Message>A fault</Message></Error>`

async function cut (answer: IncomingMessage, response: ServerResponse, fault: 'truncate' | 'stall'): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of answer) chunks.push(chunk)
  const bytes = Buffer.concat(chunks)
  response.write(bytes.subarray(0, bytes.length >> 1), () => {
    if (fault === 'truncate') response.destroy()
    else setTimeout(() => response.destroy(), STALL)
  })
}
