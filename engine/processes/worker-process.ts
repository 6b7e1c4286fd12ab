import { Worker } from 'node:worker_threads'
import { FeaturesError, ImageError, WorkerError } from '../errors.ts'
import type { Failure, Job, Reply, Request, Results } from './protocol.ts'

// onnxruntime reports to its makers unless it is told not to. It reads this once, in the process's own environment.
process.env['ORT_DISABLE_TELEMETRY'] ??= '1'

interface Waiting { resolve: (result: never) => void, reject: (error: Error) => void }

/** The main thread's side of one worker: sends jobs, matches replies, and fails what is open when the worker ends. */
export class WorkerHandle {
  readonly #worker: Worker
  readonly #waiting = new Map<number, Waiting>()
  #lastId = 0
  #hasServed = false
  #end: string | undefined

  /** @param onExit called once, when the worker has ended for whatever reason */
  constructor (threads: number, onExit: (handle: WorkerHandle, reason: string) => void) {
    this.#worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: { threads } })
    this.#worker.on('message', (reply: Reply) => this.#settle(reply))
    this.#worker.on('error', error => { this.#end ??= error.message })
    this.#worker.on('exit', code => {
      this.#end ??= `the worker ended with code ${code}`
      this.#failAll(new WorkerError(this.#end))
      onExit(this, this.#end)
    })
  }

  /** It has answered at least once without a failure of its own: it works. */
  get hasServed (): boolean { return this.#hasServed }

  /**
   * @throws ImageError when an image can't be decoded, FeaturesError when layers do not fit a format,
   * WorkerError when the job fails otherwise or the worker ends before it answers
   */
  send<J extends Job> (job: J): Promise<Results[J['type']]> {
    const id = ++this.#lastId
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.#worker.postMessage({ id, job } satisfies Request)
    })
  }

  /** Ends the worker at once, whatever it is at. @param reason what its open jobs are told */
  async terminate (reason?: string): Promise<void> {
    this.#end ??= reason
    await this.#worker.terminate()
  }

  #settle (reply: Reply): void {
    const waiting = this.#waiting.get(reply.id)
    this.#waiting.delete(reply.id)
    if ('failure' in reply) waiting?.reject(toError(reply.failure))
    else {
      this.#hasServed = true
      waiting?.resolve(reply.result as never)
    }
  }

  #failAll (error: WorkerError): void {
    for (const { reject } of this.#waiting.values()) reject(error)
    this.#waiting.clear()
  }
}

function toError (failure: Failure): Error {
  if (failure.kind === 'image') return new ImageError(failure.problem, { cause: failure.cause })
  return failure.kind === 'features' ? new FeaturesError(failure.message) : new WorkerError(failure.message)
}
