import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { Size } from '../head/decode/boxes.ts'
import { INPUT_NAME } from '../models/network.ts'

/** An output of a network. */
export interface Output { readonly dims: readonly number[], readonly data: Float32Array }

/** A compiled network that is ready to run. Its runs block the thread they are on: for worker threads only. */
export class Session {
  readonly #session: InferenceSession
  readonly #input: Size

  private constructor (session: InferenceSession, input: Size) {
    this.#session = session
    this.#input = input
  }

  /** @param threads how many threads share the work of one run */
  static async create (onnx: Uint8Array, input: Size, threads: number): Promise<Session> {
    const session = await InferenceSession.create(onnx, {
      executionMode: 'sequential',
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      logSeverityLevel: 3 // errors only: warnings are about hardware it did not find
    })
    return new Session(session, input)
  }

  /** @param pixels RGB `[height, width, 3]` of the network's input @returns the outputs by name */
  async run (pixels: Uint8Array): Promise<Record<string, Output>> {
    const { width, height } = this.#input
    const outputs = await this.#session.run({ [INPUT_NAME]: new Tensor('uint8', pixels, [1, height, width, 3]) })
    return outputs as unknown as Record<string, Output>
  }

  async release (): Promise<void> { await this.#session.release() }
}
