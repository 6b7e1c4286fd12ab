import { connect } from 'node:net'

export interface RawResponse { readonly status: number, readonly headers: Readonly<Record<string, string>>, readonly body: Buffer }

/** Sends bytes as they are, and reads one response with a Content-Length, or until the server closes. */
export async function rawRequest (port: number, bytes: string | Uint8Array): Promise<RawResponse> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  const received: Buffer[] = []
  socket.on('data', chunk => {
    received.push(chunk)
    if (isWhole(Buffer.concat(received))) socket.destroy()
  })
  socket.write(bytes)
  await new Promise(resolve => socket.once('close', resolve))
  return parse(Buffer.concat(received))
}

function isWhole (response: Buffer): boolean {
  const end = response.indexOf('\r\n\r\n')
  if (end < 0) return false
  const length = /\r\ncontent-length: (\d+)/i.exec(response.toString('latin1', 0, end))?.[1]
  return length !== undefined && response.length >= end + 4 + Number(length)
}

function parse (response: Buffer): RawResponse {
  const end = response.indexOf('\r\n\r\n')
  const [start = '', ...lines] = response.toString('latin1', 0, end).split('\r\n')
  const headers = Object.fromEntries(lines.map(line => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]))
  return { status: Number(start.split(' ')[1]), headers, body: response.subarray(end + 4) }
}
