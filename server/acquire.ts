import type { FastifyRequest } from 'fastify'
import type { Engine } from '../engine/engine.ts'
import { UnknownModelError } from '../engine/errors.ts'
import type { Lease } from '../engine/lease.ts'
import type { ImageInput } from '../engine/results.ts'
import type { TaskName } from '../engine/tasks/catalog.ts'
import type { WaitOptions } from '../engine/wait-until.ts'
import { ApiError } from './errors.ts'
import type { Limits } from './limits.ts'
import { readImage } from './plugins/image-body.ts'

/** A request's image and the model for it. The lease has to be released. */
export interface Received<N extends TaskName> {
  readonly image: ImageInput
  readonly lease: Lease<N>
  /** How long its client waits. */
  readonly wait: WaitOptions
}

/**
 * Receives a request's image, and holds the model that it names.
 * @param name the default model where it is left out
 * @throws ApiError NOT_READY, what readImage throws, and what Engine.acquire throws
 */
export async function receive<N extends TaskName> (
  engine: Engine, task: N, request: FastifyRequest, name: string | undefined, limits: Limits
): Promise<Received<N>> {
  checkModel(engine, name, task) // before a form is read
  const image = { bytes: await readImage(request), maxPixels: limits.maxPixels }
  const wait = { deadline: performance.now() + limits.requestTimeout, signal: request.aborted }
  return { image, wait, lease: await engine.acquire(name, task, wait) }
}

/** @throws ApiError NOT_READY while the models of the start are loaded, UnknownModelError, WrongTaskError */
export function checkModel (engine: Engine, name: string | undefined, task: TaskName): void {
  try {
    const { version } = engine.find(name, task)
    if (engine.isReady || version) return
  } catch (error) {
    if (engine.isReady || !(error instanceof UnknownModelError)) throw error
  }
  throw new ApiError('NOT_READY', 'The server is still loading its models; try again')
}
