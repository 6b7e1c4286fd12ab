/** Requests as clients write them, and the API on a port to send them to. */
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'
import { rawRequest, type RawResponse } from './raw-request.ts'
import { photo } from './files.ts'
import { startApp } from './server.ts'

/** A server that asks for a key, takes photos of up to 240 KB, and lets none wait. */
export const STRICT = { API_KEYS: 'secret', MAX_BODY_BYTES: '240000', MAX_QUEUE: '0' }
export const PHOTO = photo('sample-me.jpg')
export const BASE64 = PHOTO.toString('base64')
export const TOO_LARGE = photo('sample6.jpg')

export type Send = (bytes: Buffer) => Promise<RawResponse>

/** Starts the API on a free port. @returns how to send bytes to it, and what startApp gives */
export async function listen (t: Test, env: Record<string, string> = {}) {
  const started = await startApp(t, env)
  await started.app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = started.app.server.address() as AddressInfo
  const send: Send = async bytes => await rawRequest(port, bytes)
  return { ...started, port, send }
}

/** @param head the request line and headers, without Content-Length */
export const requestOf = (head: readonly string[], body: Uint8Array | string = ''): Buffer =>
  joined([...head, `Content-Length: ${Buffer.byteLength(body)}`], body)

/** As the Python library requests sends it: these headers, in this order. */
export function fromPython (
  start: string, type: string, body: Uint8Array | string, headers: readonly string[] = []
): Buffer {
  return joined([
    `${start} HTTP/1.1`, 'Host: 127.0.0.1:8080', 'User-Agent: python-requests/2.34.2', 'Accept-Encoding: gzip, deflate',
    'Accept: */*', 'Connection: keep-alive', ...headers, `Content-Length: ${Buffer.byteLength(body)}`, `Content-Type: ${type}`
  ], body)
}

const joined = (head: readonly string[], body: Uint8Array | string): Buffer =>
  Buffer.concat([Buffer.from([...head, '', ''].join('\r\n')), Buffer.from(body)])

export const jsonFromPython = (start: string, value: unknown, headers: readonly string[] = []): Buffer =>
  fromPython(start, 'application/json', JSON.stringify(value), headers)

/** The status and the JSON of a reply. */
export const answerOf = ({ status, body }: RawResponse): [status: number, body: any] =>
  [status, JSON.parse(body.toString())]

/** Sends a request to a server that lets none wait, several times at once. @returns the replies that are not 200 */
export async function overload (send: Send, bytes: Buffer): Promise<RawResponse[]> {
  const replies = await Promise.all(Array.from({ length: 4 }, async () => await send(bytes)))
  return replies.filter(({ status }) => status !== 200)
}
