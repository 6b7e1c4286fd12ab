import type { FastifyRequest } from 'fastify'
import type { Engine } from '../engine/engine.ts'
import { UnknownModelError } from '../engine/errors.ts'
import type { Lease } from '../engine/lease.ts'
import type { TaskName } from '../engine/tasks/catalog.ts'
import type { WaitOptions } from '../engine/wait-until.ts'
import { ApiError } from './errors.ts'
import type { Limits } from './limits.ts'

/** A model held for a request whose image has arrived. The lease has to be released. */
export interface Acquired<N extends TaskName> {
  readonly lease: Lease<N>
  /** Deadline and signal of its client. */
  readonly wait: WaitOptions
}

/**
 * Acquires a model for a request whose image has arrived.
 * @param name the default model if omitted
 * @throws ApiError NOT_READY, and what Engine.acquire throws
 */
export async function acquire<N extends TaskName> (
  { engine, limits }: { engine: Engine, limits: Limits }, task: N, { aborted: signal }: FastifyRequest, name: string | undefined
): Promise<Acquired<N>> {
  checkModel(engine, name, task)
  const wait = { deadline: performance.now() + limits.requestTimeout, signal }
  return { wait, lease: await engine.acquire(name, task, wait) }
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
