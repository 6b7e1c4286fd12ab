import { fileURLToPath } from 'node:url'
import type { IgnoredFile } from '../../models/files/model-files.ts'
import type { ModelSummary } from '../../models/summary.ts'
import { WorkerError } from '../errors.ts'
import { builtInOrigins } from '../models/built-in.ts'
import { toLoaded } from '../models/loaded.ts'
import type { Loaded, ModelInfo } from '../models/model-info.ts'
import type { Origin, Places } from '../models/origin.ts'
import type { PrepareOptions } from '../tasks/task.ts'
import type { LoaderCalls } from './loader.ts'
import { ProcessHandle } from './process-handle.ts'
import type { ArgsOf, ResultOf } from './protocol.ts'

const PATH = fileURLToPath(new URL('./loader.js', import.meta.url))
/** Requests go first; even if workers use all processors, it gets a quarter of one. */
const NICENESS = 7
const CALL_TIMEOUT = 60_000
/** Milliseconds without a call after which the process is ended, to free its memory. */
const IDLE_TIMEOUT = 5000

/** The loader process: started on demand, ended when idle. Calls run one after the other. */
export class LoaderProcess {
  readonly #args: readonly string[]
  #process: ProcessHandle<LoaderCalls> | undefined
  #last: Promise<unknown> = Promise.resolve()
  #open = 0
  #idle: NodeJS.Timeout | undefined
  #closing: Promise<void> | undefined
  #isClosed = false
  #ignored: readonly IgnoredFile[] = []

  constructor ({ providers, maxBatch }: PrepareOptions = {}) { this.#args = [JSON.stringify({ providers, maxBatch })] }

  get pid (): number | undefined { return this.#process?.pid }

  /** Files of the folder of models that belong to no model, as of the latest list. */
  get ignored (): readonly IgnoredFile[] { return this.#ignored }

  /** The models of some places, in order. Only a folder needs the process. @throws WorkerError */
  async list (places: Places): Promise<Readonly<Record<string, Origin>>> {
    if (places.directory === undefined) return places.builtIn ? builtInOrigins(places.precision) : {}
    const { models, ignored } = await this.#call('list', places)
    this.#ignored = ignored
    return models
  }

  /** Describes a model without reading its weights. @throws WorkerError, with `ended` if the files are not at fault */
  describe (origin: Origin): Promise<ModelInfo> { return this.#call('describe', origin) }

  /** Reads and compiles a model. @throws WorkerError, with `ended` if the files are not at fault */
  async read (origin: Origin): Promise<Loaded> { return toLoaded(await this.#call('read', origin)) }

  /** The execution providers that this installation of onnxruntime has. @throws WorkerError */
  providers (): Promise<string[]> { return this.#call('providers', null as never) }

  /** The cost of a model's layers; undefined for graphs of ONNX files. @throws WorkerError */
  summarize (origin: Origin): Promise<ModelSummary | undefined> { return this.#call('summarize', origin) }

  /** Ends the process if it is idle; the next call starts another. */
  rest (): void {
    if (this.#open > 0) return
    this.#closing = this.#process?.close()
    this.#process = undefined
  }

  async close (): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#idle)
    await Promise.all([this.#process?.close(), this.#closing])
  }

  #call<K extends keyof LoaderCalls> (call: K, args: ArgsOf<LoaderCalls, K>): Promise<ResultOf<LoaderCalls, K>> {
    clearTimeout(this.#idle)
    this.#open++
    const result = this.#last.then(async () => {
      if (this.#isClosed) throw new WorkerError('the loader is closed', { ended: true })
      return await this.#running().call(call, args, { timeout: CALL_TIMEOUT })
    })
    this.#last = result.catch(() => {}).finally(() => { if (--this.#open === 0) this.#restLater() })
    return result
  }

  #running (): ProcessHandle<LoaderCalls> {
    const program = { path: PATH, args: this.#args, niceness: NICENESS }
    this.#process ??= new ProcessHandle(program, () => { if (this.#process === started) this.#process = undefined })
    const started = this.#process
    return started
  }

  #restLater (): void {
    if (!this.#isClosed) this.#idle = setTimeout(() => this.rest(), IDLE_TIMEOUT).unref()
  }
}
