import type { Engine } from '../../../engine/engine.ts'
import type { Deployment } from '../../../engine/models/deployment.ts'
import { checkModel } from '../../acquire.ts'
import { ApiError } from '../../errors.ts'

/** A model in the protocol. */
export interface Served {
  readonly name: string
  readonly deployment: Deployment
  /** The raw network, tensor to tensor, instead of photo to objects. */
  readonly isRaw: boolean
}

/** The only version of every model: the loaded one. */
export const MODEL_VERSION = '1'
const RAW = '.raw'

/** Resolves a name: `X` for `X.raw`, unless a model has that name. */
export function modelOf ({ models }: Engine, name: string): string {
  const isRaw = name.endsWith(RAW) && models.every(model => model.name !== name)
  return isRaw ? name.slice(0, -RAW.length) : name
}

/**
 * The model `X`, or `X.raw` for its network.
 * @throws UnknownModelError, WrongTaskError for classifiers, ApiError NOT_READY, MODEL_NOT_FOUND for another version
 */
export function findServed (engine: Engine, name: string, version = MODEL_VERSION): Served {
  const model = modelOf(engine, name)
  checkModel(engine, model, 'detect')
  if (version !== MODEL_VERSION) throw new ApiError('MODEL_NOT_FOUND', `${name} has no version ${version}, only ${MODEL_VERSION}`)
  return { name, deployment: engine.get(model), isRaw: model !== name }
}

/** All models except those known not to detect objects. */
export const allServed = ({ models }: Engine): Served[] =>
  models.filter(({ info }) => info?.tasks.includes('detect') ?? true).flatMap(deployment => [
    { name: deployment.name, deployment, isRaw: false },
    { name: `${deployment.name}${RAW}`, deployment, isRaw: true }
  ])
