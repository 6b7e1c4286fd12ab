/** The connection between the main process and a child: messages with bodies, over a socket that both inherit. */
import { Socket, type SocketConstructorOpts } from 'node:net'
import type { Bytes } from '../chunks.ts'
import type { Chunks } from '../results.ts'
import { FrameReader, toFrame } from './frames.ts'

/** The child's file descriptor of the socket, and the environment variable that tells a child that it has one. */
export const CHANNEL_FD = 3
export const CHANNEL_VARIABLE = 'NANODET_CHANNEL'
const READ_BYTES = 2 ** 16

type OnMessage = (message: unknown, body: Chunks) => void

/** One end of the connection. Errors of the socket close it; its `close` event comes after the last message. */
export class Channel {
  readonly socket: Socket

  constructor (socket: Socket) {
    this.socket = socket.on('error', () => {}) // `close` follows
  }

  /** Sends a message and its body, or drops both if the other end is gone. The body is not copied, and must not change any more. */
  send (message: unknown, body?: readonly Bytes[]): void {
    if (!this.socket.writable) return
    this.socket.cork()
    for (const piece of toFrame(message, body)) this.socket.write(piece)
    this.socket.uncork()
  }
}

/** The main process's end: the socket is one of the child's `stdio`. @param onInvalid called if the child sends something else */
export function channelToChild (socket: Socket, onMessage: OnMessage, onInvalid: () => void): Channel {
  const reader = new FrameReader(onMessage)
  socket.on('data', bytes => {
    try {
      reader.push(bytes)
    } catch {
      socket.destroy()
      onInvalid()
    }
  })
  return new Channel(socket)
}

/** The child's end; undefined if the process was started without one. Received bytes reuse one buffer, which spares garbage collections. */
export function channelToParent (onMessage: OnMessage): Channel | undefined {
  if (process.env[CHANNEL_VARIABLE] !== String(CHANNEL_FD)) return undefined
  const reader = new FrameReader(onMessage)
  const callback = (count: number, bytes: Uint8Array): boolean => {
    reader.push(bytes.subarray(0, count))
    return true
  }
  const onread = { buffer: Buffer.allocUnsafe(READ_BYTES), callback }
  return new Channel(new Socket({ fd: CHANNEL_FD, readable: true, writable: true, onread } as SocketConstructorOpts))
}
