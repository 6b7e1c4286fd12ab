import { spawn, type ChildProcess } from 'node:child_process'
import type { Socket } from 'node:net'
import { basename, dirname } from 'node:path'
import type { Bytes } from '../chunks.ts'
import { fromFailure, WorkerError } from '../errors.ts'
import type { Chunks } from '../results.ts'
import { CHANNEL_FD, CHANNEL_VARIABLE, channelToChild, type Channel } from './channel.ts'
import { childEnvironment } from './environment.ts'
import { stepBack } from './niceness.ts'
import { hasBody, type ArgsOf, type Calls, type FromChild, type ResultOf, type ToChild } from './protocol.ts'

interface Waiting {
  readonly resolve: (result: never) => void
  readonly reject: (error: Error) => void
  readonly timer: NodeJS.Timeout | undefined
}

/** The program to run. */
export interface Program {
  readonly path: string
  readonly args?: readonly string[]
  /** Added to this process's nice value: above 0, it has lower priority from its start on. */
  readonly niceness: number
}

interface CallOptions {
  /** Sent with the call, without a copy: it must not change until the call has ended. */
  readonly body?: readonly Bytes[]
  /** Milliseconds after which the process counts as hung, and is killed. */
  readonly timeout?: number | undefined
}

const START_TIMEOUT = 30_000
const CLOSE_TIMEOUT = 1000
/** Characters kept of a child's stderr: the message of a native library before it aborts. */
const LAST_WORDS = 1000

/**
 * The main process's side of one child process: calls it, and fails open calls when it ends. A child that is ready and
 * has no call open does not keep the main process alive; when that exits, the child does.
 */
export class ProcessHandle<C extends Calls> {
  /** Resolves when the child accepts calls. Rejects if it ends first. */
  readonly ready: Promise<void>
  readonly ended: Promise<void>
  readonly #name: string
  readonly #child: ChildProcess
  /** undefined if the process could not be started. */
  readonly #channel: Channel | undefined
  readonly #waiting = new Map<number, Waiting>()
  #lastId = 0
  #rss = 0
  #isGone = false
  #wasKilled = false
  #reason: string | undefined
  #lastWords = ''
  #onReady = () => {}
  /** What the main process has to wait for: the start, open calls, the end. */
  #holds = 1

  /** @param onEnd called once, when the process is gone and all its messages have been read */
  constructor ({ path, args = [], niceness }: Program, onEnd: (reason: string) => void) {
    this.#name = basename(path, '.js')
    this.#child = spawn(process.execPath, [path, ...args], {
      detached: process.platform !== 'win32', // only the main process gets Ctrl-C in a terminal
      cwd: workingDirectory(path),
      env: { ...childEnvironment(), [CHANNEL_VARIABLE]: String(CHANNEL_FD) },
      stdio: ['ignore', 'ignore', 'pipe', 'pipe']
    })
    const socket = this.#child.stdio?.[CHANNEL_FD] as Socket | undefined
    const receive = (message: unknown, body: Chunks): void => this.#receive(message as FromChild, body)
    this.#channel = socket && channelToChild(socket, receive, () => this.kill('it sent an invalid message'))
    if (this.#child.pid !== undefined) stepBack(this.#child.pid, niceness)
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => { this.#lastWords = (this.#lastWords + text).slice(-LAST_WORDS) })
    // Without a free file descriptor there is no process and no stderr, only an 'error' event.
    this.ready = this.#untilReady()
    this.ready.catch(() => {})
    this.ended = this.#untilEnded().then(() => {
      this.#isGone = true
      this.#failAll()
      onEnd(this.reason)
    })
  }

  get pid (): number | undefined { return this.#child.pid }

  /** Resident memory in bytes, as of its latest answer. */
  get rss (): number { return this.#rss }

  /** It has ended, and all its messages have been read. */
  get isGone (): boolean { return this.#isGone }

  /** This process killed it. */
  get wasKilled (): boolean { return this.#wasKilled }

  /** Why it ended. */
  get reason (): string {
    const words = this.#lastWords.trim().replaceAll(/\s+/g, ' ')
    return `${this.#reason}${words === '' ? '' : `: ${words}`}`
  }

  /** @throws the error that the call failed with; WorkerError with `ended` where the process ended first */
  call<K extends keyof C & string> (call: K, args: ArgsOf<C, K>, { body = [], timeout }: CallOptions = {}): Promise<ResultOf<C, K>> {
    const id = ++this.#lastId
    if (this.#isGone) return Promise.reject(this.#endedError())
    this.#hold()
    return new Promise<never>((resolve, reject) => {
      const timer = timeout === undefined ? undefined : setTimeout(() => this.kill(`no answer within ${timeout} ms`), timeout)
      this.#waiting.set(id, { resolve, reject, timer })
      this.#channel?.send({ id, call, args } satisfies ToChild, body) // unread messages fail when it ends
    }).finally(() => this.#release())
  }

  /** Kills the process. */
  kill (reason: string): void {
    this.#reason ??= reason
    this.#wasKilled = true
    this.#child.kill('SIGKILL')
  }

  /** Gives the process a second to finish its current call. Resolves when it is gone. */
  async close (): Promise<void> {
    this.#reason ??= 'it was closed'
    this.#hold()
    this.#channel?.socket.destroy()
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), CLOSE_TIMEOUT)
    await this.ended
    clearTimeout(timer)
  }

  async #untilReady (): Promise<void> {
    const timer = setTimeout(() => this.kill(`not ready within ${START_TIMEOUT} ms`), START_TIMEOUT)
    await new Promise<void>((resolve, reject) => {
      this.#onReady = resolve
      this.#child.once('exit', () => reject(new WorkerError(`${this.#label} ended before it was ready`, { ended: true })))
      this.#child.once('error', reject)
    }).finally(() => {
      clearTimeout(timer)
      this.#release()
    })
  }

  #hold (): void {
    if (this.#holds++ === 0) for (const handle of this.#handles()) handle.ref()
  }

  #release (): void {
    if (--this.#holds === 0) for (const handle of this.#handles()) handle.unref()
  }

  /** What keeps the main process's event loop running. */
  #handles (): Array<{ ref (): unknown, unref (): unknown }> {
    return [this.#child, this.#child.stderr as Socket | null, this.#channel?.socket].flatMap(handle => handle ?? [])
  }

  /** The channel closes after its last message has been read, possibly after the exit. */
  async #untilEnded (): Promise<void> {
    const socket = this.#channel?.socket
    const closed = new Promise<void>(resolve => socket?.once('close', () => resolve()))
    await new Promise<void>(resolve => {
      this.#child.once('exit', (code, signal) => {
        this.#reason ??= signal === null ? `it exited with code ${code}` : `it was ended by ${signal}`
        resolve()
      })
      this.#child.once('error', error => {
        this.#reason ??= error.message
        if (this.#child.pid === undefined) resolve() // it could not be started
      })
    })
    if (this.#child.pid !== undefined && socket?.closed === false) await closed
  }

  #receive (message: FromChild, body: Chunks): void {
    if ('ready' in message) return this.#onReady()
    const waiting = this.#waiting.get(message.id)
    if (!waiting) return
    this.#waiting.delete(message.id)
    clearTimeout(waiting.timer)
    this.#rss = message.rss
    if ('failure' in message) waiting.reject(fromFailure(message.failure))
    else waiting.resolve(withBody(message.result, body) as never)
  }

  #failAll (): void {
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer)
      reject(this.#endedError())
    }
    this.#waiting.clear()
  }

  /** `the worker process 4711` */
  get #label (): string { return `the ${this.#name} process${this.pid === undefined ? '' : ` ${this.pid}`}` }

  #endedError (): WorkerError { return new WorkerError(`${this.#label} ended: ${this.reason}`, { ended: true }) }
}

/** The main process's own, or the program's folder if that has been deleted: Node does not start in a deleted folder. */
function workingDirectory (program: string): string {
  try {
    return process.cwd()
  } catch {
    return dirname(program)
  }
}

const withBody = (result: unknown, body: Chunks): unknown => hasBody(result) ? { ...result, body } : result
