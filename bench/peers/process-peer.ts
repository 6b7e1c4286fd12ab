import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { CommandError } from '../../cli/errors.ts'
import type { Parts, Peer, Ready } from './peer.ts'

type Child = ChildProcessByStdio<Writable, Readable, Readable>

/** A peer in a process, which answers each line on stdin with a line of JSON on stdout. It ends with this process. */
export class ProcessPeer implements Peer {
  readonly #child: Child
  readonly #lines: AsyncIterator<string>
  readonly #closed: Promise<unknown>
  readonly #turn: number
  #complaint = ''
  #ready: Ready = { versions: {} }

  private constructor (child: Child, turn: number) {
    this.#child = child
    this.#turn = turn
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    this.#closed = once(child, 'close').catch((error: Error) => { this.#complaint = error.message })
    child.stderr.on('data', chunk => { this.#complaint += chunk })
    child.stdin.on('error', () => {}) // it has ended: the missing answer tells
  }

  /**
   * Starts a program, and waits until it is ready.
   * @param turn photos per turn
   * @throws CommandError with the last line of its complaint if it ends
   */
  static async start (program: string, args: readonly string[], turn: number): Promise<ProcessPeer> {
    const peer = new ProcessPeer(spawn(program, args, { stdio: 'pipe' }), turn)
    peer.#ready = await peer.#next() as Ready
    return peer
  }

  get ready (): Ready { return this.#ready }

  async turn (): Promise<Parts> {
    this.#child.stdin.write(`${this.#turn}\n`)
    return await this.#next() as Parts
  }

  async close (): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#closed
  }

  async #next (): Promise<unknown> {
    const { done, value } = await this.#lines.next()
    if (!done) return JSON.parse(value)
    await this.#closed
    throw new CommandError(this.#complaint.trim().split('\n').at(-1) || `ended: ${this.#child.signalCode ?? `exit code ${this.#child.exitCode}`}`)
  }
}
