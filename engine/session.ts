import { InferenceSession, listSupportedBackends, Tensor } from 'onnxruntime-node'
import type { Size } from '../head/decode/boxes.ts'
import { INPUT_NAME, PADS_NAME } from '../models/tensor-names.ts'
import { CPU, parseProvider } from './providers.ts'

/** The runtime's messages may begin with the line of its source that they come from, and with the condition that failed there. */
const SOURCE_PLACES = [/^.*\/onnxruntime_src\/.*\[ONNXRuntimeError\] : \d+ : \w+ : (\S+:\d+ )?/s, /^.*\/onnxruntime_src\/.* was false\. /s]

/** An output of a network. */
export interface Output { readonly dims: readonly number[], readonly data: Float32Array }

/** An input of a network by itself, for networks that take other things than pictures. */
export interface Feed {
  readonly type: 'float32' | 'int64' | 'uint8'
  readonly dims: readonly number[]
  readonly data: Float32Array | BigInt64Array | Uint8Array
}

/** Input of a network: RGB `[height, width, 3]`, and the size to pad it to if the network pads. */
export interface Picture extends Size { readonly pixels: Uint8Array, readonly padded: Size }

export interface SessionOptions {
  /** Path, without its ending, of a JSON file for the time of every operator: see `endProfiling`. */
  readonly profile?: string
  /** The execution provider, by default the CPU's. Operators that it lacks run on the CPU. */
  readonly provider?: string
  /**
   * Whether one block for all tensors is planned after the first run. It keeps the memory of that run, too, so graphs of many large
   * tensors need less without it.
   */
  readonly plansMemory?: boolean
}

/** The execution providers that this installation of the runtime has. Some need further libraries, or a device. */
export const offeredProviders = (): string[] => listSupportedBackends().map(({ name }) => name)

/** A compiled network, ready to run. A run blocks its thread: use it in worker processes and commands. */
export class Session {
  readonly #session: InferenceSession

  private constructor (session: InferenceSession) { this.#session = session }

  /**
   * @param threads number of threads that share one run
   * @throws if the runtime can't load the graph, or has no use of the provider
   */
  static async create (onnx: Uint8Array, threads: number, options: SessionOptions = {}): Promise<Session> {
    const { profile, provider = CPU, plansMemory = true } = options
    const session = InferenceSession.create(onnx, {
      executionProviders: [parseProvider(provider)],
      executionMode: 'sequential',
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      enableMemPattern: plansMemory,
      logSeverityLevel: 3, // errors only: warnings are about hardware it did not find
      ...(profile !== undefined && { enableProfiling: true, profileFilePrefix: profile })
    })
    return new Session(await session.catch((cause: Error) => {
      throw new Error(`ONNX Runtime can't load the graph${provider === CPU ? '' : ` on ${provider}`}: ${inShort(cause.message)}`, { cause })
    }))
  }

  /** The outputs whose shape is known before a run. */
  get outputShapes (): ReadonlyMap<string, readonly number[]> {
    const known = this.#session.outputMetadata.filter(output => output.isTensor && output.shape.every(dim => typeof dim === 'number'))
    return new Map(known.map(output => [output.name, (output as InferenceSession.TensorValueMetadata).shape as number[]]))
  }

  /** Whether one run takes any number of pictures of one size. */
  get isBatched (): boolean {
    const pixels = this.#session.inputMetadata.find(({ name }) => name === INPUT_NAME)
    return pixels?.isTensor === true && typeof pixels.shape[0] === 'string'
  }

  /** @returns the outputs by name */
  async run (picture: Picture): Promise<Record<string, Output>> { return await this.#run(picture, 1) }

  /** Runs pictures of one size at once; more than one needs `isBatched`. @returns the outputs of each, by name */
  async runAll (pictures: readonly Picture[]): Promise<Array<Record<string, Output>>> {
    const [first, ...more] = pictures
    if (!first) return []
    if (more.length === 0) return [await this.run(first)]
    const pixels = Buffer.concat(pictures.map(({ pixels }) => pixels))
    const outputs = Object.entries(await this.#run({ ...first, pixels }, pictures.length))
    return pictures.map((_, i) => Object.fromEntries(outputs.map(([name, output]) => [name, nth(output, i)])))
  }

  /** Runs a network on inputs by name. @returns the outputs by name */
  async runFeeds (feeds: Readonly<Record<string, Feed>>): Promise<Record<string, Output>> {
    const tensors = Object.entries(feeds).map(([name, { type, dims, data }]) => [name, new Tensor(type as 'float32', data as Float32Array, dims)])
    return await this.#session.run(Object.fromEntries(tensors)) as unknown as Record<string, Output>
  }

  async #run ({ pixels, width, height, padded }: Picture, count: number): Promise<Record<string, Output>> {
    const feeds: Record<string, Tensor> = { [INPUT_NAME]: new Tensor('uint8', pixels, [count, height, width, 3]) }
    if (this.#session.inputNames.includes(PADS_NAME)) feeds[PADS_NAME] = padsOf(padded.width - width, padded.height - height)
    return await this.#session.run(feeds) as unknown as Record<string, Output>
  }

  /** Completes the file of a session that records times. */
  endProfiling (): void { this.#session.endProfiling() }

  async release (): Promise<void> { await this.#session.release() }
}

/** A message of the runtime without places in its source. */
export const inShort = (message: string): string =>
  SOURCE_PLACES.reduce((rest, place) => rest.replace(place, ''), message).trim()

/** One entry of the first axis. */
function nth ({ dims: [count = 1, ...rest], data }: Output, index: number): Output {
  const size = data.length / count
  return { dims: [1, ...rest], data: data.subarray(index * size, (index + 1) * size) }
}

/** Of `[N, C, H, W]`, after the last two axes. */
const padsOf = (right: number, below: number): Tensor =>
  new Tensor('int64', BigInt64Array.of(0n, 0n, 0n, 0n, 0n, 0n, BigInt(below), BigInt(right)), [8])
