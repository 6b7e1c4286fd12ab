/** Serves bytes as file servers do, with the faults that networks have. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import type { Test } from 'tap'

/** @param count requests before this one */
export type Handler = (request: IncomingMessage, response: ServerResponse, count: number) => void

export interface SendOptions {
  readonly etag?: string
  /** Bytes after which the connection is cut. */
  readonly cutAfter?: number
  readonly ranges?: boolean
  readonly headers?: Record<string, string>
}

/** @returns the server's address, and the requests so far */
export async function startFileServer (t: Test, handler: Handler) {
  const requests: IncomingMessage[] = []
  const server = createServer((request, response) => handler(request, response, requests.push(request) - 1))
  return { url: await listen(t, server), requests }
}

/**
 * A proxy for HTTP: tunnels what CONNECT asks for.
 * @param target where every tunnel ends instead
 * @param status of the reply to CONNECT
 * @returns its address, and the hosts that were asked for
 */
export async function startProxy (t: Test, target?: string, status = 200) {
  const hosts: string[] = []
  const server = createServer((_, response) => response.writeHead(400).end())
  server.on('connect', (request, socket, head) => {
    hosts.push(request.url!)
    if (status !== 200) return socket.end(`HTTP/1.1 ${status} No\r\n\r\n`)
    const { hostname, port } = new URL(target ?? `http://${request.url}`)
    const upstream = connect(Number(port), hostname, () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      upstream.write(head)
      upstream.pipe(socket).pipe(upstream)
    })
    for (const end of [socket, upstream]) end.on('error', () => { socket.destroy(); upstream.destroy() })
    return upstream
  })
  return { url: await listen(t, server), hosts }
}

async function listen (t: Test, server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => { server.closeAllConnections(); server.close() })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Answers with a file, or the range of it that is asked for. */
export function sendFile (request: IncomingMessage, response: ServerResponse, bytes: Buffer, options: SendOptions = {}): void {
  const { etag = '"1"', cutAfter, ranges = true, headers = {} } = options
  const { range, 'if-range': condition } = request.headers
  const from = ranges && condition === etag ? Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0) : 0
  const rest = bytes.subarray(from)
  response.writeHead(from > 0 ? 206 : 200, {
    'content-type': 'application/octet-stream',
    'content-length': rest.length,
    ...(ranges && { etag, 'accept-ranges': 'bytes' }),
    ...(from > 0 && { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` }),
    ...headers
  })
  if (cutAfter === undefined || cutAfter >= rest.length) response.end(rest)
  else response.write(rest.subarray(0, cutAfter), () => setTimeout(() => response.destroy(), 100))
}
