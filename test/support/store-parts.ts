/** What a store of models works with, as small functions in this process: a test decides when a load ends, and how. */
import type { LoadedInfo } from '../../engine/models/model-info.ts'
import type { Origin } from '../../engine/models/origin.ts'
import { ModelStore, type ModelEvent, type StoreParts } from '../../engine/models/store.ts'
import type { Version } from '../../engine/models/version.ts'

export const infoOf = (name: string): LoadedInfo => ({
  name, task: 'detect', tasks: ['detect'], input: { width: 96, height: 64 }, labels: ['cat'], precision: 'fp32', precisions: ['fp32'], layers: []
})

const nameOf = (origin: Origin): string => 'builtIn' in origin ? origin.builtIn : ''

/** Waits until so many steps of the parts, which take 5 ms each, are done. */
export async function settled (steps = 1): Promise<void> {
  for (let i = 0; i < steps; i++) await new Promise(resolve => setTimeout(resolve, 5))
}

export class TestParts implements StoreParts {
  readonly maxLoaded: number
  /** What was done, in order: `read a`, `load a#1`, `unload a#1`. */
  readonly log: string[] = []
  readonly events: ModelEvent[] = []
  /** Models whose files can't be read, and why. */
  readonly broken = new Map<string, Error>()
  /** Most versions that were in memory at once, and most loads. */
  most = { inMemory: 0, loads: 0 }
  #open: (() => void) | undefined
  #gate: Promise<void> = Promise.resolve()
  #inMemory = new Set<Version>()
  #loads = 0

  constructor (maxLoaded: number) { this.maxLoaded = maxLoaded }

  /** From now on loads wait until the gate opens. */
  shut (): void { this.#gate = new Promise(resolve => { this.#open = resolve }) }

  open (): void { this.#open?.() }

  describe = async (origin: Origin): Promise<LoadedInfo> => {
    this.#failIfBroken(nameOf(origin))
    return infoOf(nameOf(origin))
  }

  read = async (origin: Origin) => {
    const name = nameOf(origin)
    this.log.push(`read ${name}`)
    this.most.loads = Math.max(this.most.loads, ++this.#loads)
    await this.#gate.then(() => this.#failIfBroken(name)).catch(error => {
      this.#loads--
      throw error
    })
    return { info: infoOf(name), parts: new Map() }
  }

  load = async (version: Version): Promise<void> => {
    this.log.push(`load ${version.id}`)
    this.#inMemory.add(version)
    this.most.inMemory = Math.max(this.most.inMemory, this.#inMemory.size)
    await settled()
    this.#loads--
  }

  unload = async (version: Version): Promise<void> => {
    if (version.leases > 0) throw new Error(`${version.id} is in use`)
    await settled()
    this.log.push(`unload ${version.id}`)
    this.#inMemory.delete(version)
  }

  onEvent = (event: ModelEvent): void => { this.events.push(event) }

  #failIfBroken (name: string): void {
    const error = this.broken.get(name)
    if (error) throw error
  }
}

/** A store of models of these names, none of which is loaded. */
export function storeOf (names: readonly string[], maxLoaded = Infinity) {
  const parts = new TestParts(maxLoaded)
  const store = new ModelStore(parts)
  for (const name of names) store.add(name, { builtIn: name, precision: 'fp32' })
  return { store, parts, acquire: (name: string, options = {}) => store.acquire(store.get(name), options) }
}
