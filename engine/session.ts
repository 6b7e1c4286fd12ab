import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { Size } from '../head/decode/boxes.ts'
import { INPUT_NAME, PADS_NAME } from '../models/tensor-names.ts'

/** The runtime's messages may begin with the line of its source that they come from. */
const SOURCE_PLACE = /^.*\/onnxruntime_src\/.*\[ONNXRuntimeError\] : \d+ : \w+ : (\S+:\d+ )?/s

/** An output of a network. */
export interface Output { readonly dims: readonly number[], readonly data: Float32Array }

/** Input of a network: RGB `[height, width, 3]`, and the size to pad it to if the network pads. */
export interface Picture extends Size { readonly pixels: Uint8Array, readonly padded: Size }

/** A compiled network, ready to run. A run blocks its thread: use it in worker processes and commands. */
export class Session {
  readonly #session: InferenceSession

  private constructor (session: InferenceSession) { this.#session = session }

  /**
   * @param threads number of threads that share one run
   * @param profile path, without its ending, of a JSON file for the time of every operator: see `endProfiling`
   * @throws if the runtime can't load the graph
   */
  static async create (onnx: Uint8Array, threads: number, profile?: string): Promise<Session> {
    const session = InferenceSession.create(onnx, {
      executionMode: 'sequential',
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      logSeverityLevel: 3, // errors only: warnings are about hardware it did not find
      ...(profile !== undefined && { enableProfiling: true, profileFilePrefix: profile })
    })
    return new Session(await session.catch((cause: Error) => {
      throw new Error(`ONNX Runtime can't load the graph: ${cause.message.replace(SOURCE_PLACE, '')}`, { cause })
    }))
  }

  /** The outputs whose shape is known before a run. */
  get outputShapes (): ReadonlyMap<string, readonly number[]> {
    const known = this.#session.outputMetadata.filter(output => output.isTensor && output.shape.every(dim => typeof dim === 'number'))
    return new Map(known.map(output => [output.name, (output as InferenceSession.TensorValueMetadata).shape as number[]]))
  }

  /** @returns the outputs by name */
  async run ({ pixels, width, height, padded }: Picture): Promise<Record<string, Output>> {
    const feeds: Record<string, Tensor> = { [INPUT_NAME]: new Tensor('uint8', pixels, [1, height, width, 3]) }
    if (this.#session.inputNames.includes(PADS_NAME)) feeds[PADS_NAME] = padsOf(padded.width - width, padded.height - height)
    return await this.#session.run(feeds) as unknown as Record<string, Output>
  }

  /** Completes the file of a session that records times. */
  endProfiling (): void { this.#session.endProfiling() }

  async release (): Promise<void> { await this.#session.release() }
}

/** Of `[N, C, H, W]`, after the last two axes. */
const padsOf = (right: number, below: number): Tensor =>
  new Tensor('int64', BigInt64Array.of(0n, 0n, 0n, 0n, 0n, 0n, BigInt(below), BigInt(right)), [8])
