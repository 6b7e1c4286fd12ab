import type { Artifact } from '../../models/artifact.ts'
import type { RunSpec } from '../run-spec.ts'
import { RunModel, type Found, type RunModelOptions } from './run-model.ts'

/** A model whose workers start with the first image: a run with nothing to do is over at once. */
export class LazyModel {
  readonly name: string
  readonly #open: () => Promise<RunModel>
  #model: Promise<RunModel> | undefined

  constructor (artifact: Artifact, spec: RunSpec, options: RunModelOptions) {
    this.name = spec.model
    this.#open = () => RunModel.open(artifact, spec, options)
  }

  /** @throws what RunModel.open and its `find` throw */
  async find (bytes: Uint8Array): Promise<Found> {
    this.#model ??= this.#open()
    return await (await this.#model).find(bytes)
  }

  /** Ends the workers, if there are any. */
  async close (): Promise<void> {
    const model = await this.#model?.catch(() => undefined)
    await model?.close()
  }
}
