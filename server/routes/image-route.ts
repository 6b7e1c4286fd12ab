import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchema } from 'fastify'
import type { Engine } from '../../engine/engine.ts'
import type { TaskName } from '../../engine/tasks/catalog.ts'
import { checkModel } from '../acquire.ts'
import { MAX_NAME } from '../schemas.ts'

export interface ImageRoute {
  readonly url: string
  readonly task: TaskName
  readonly schema: FastifySchema
}

/** Invalid names are refused with the other parameters. */
const isName = (value: unknown): value is string => typeof value === 'string' && value.length <= MAX_NAME

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>

/**
 * A route for images in the request's body. PUT works like POST, for curl -T. A model in the query is looked up before the
 * images are read.
 */
export function imageRoute (app: FastifyInstance, engine: Engine, { url, task, schema }: ImageRoute, handle: Handler): void {
  const handler: Handler = async (request, reply) => {
    const { model } = request.query as { model?: unknown }
    if (model === undefined || isName(model)) checkModel(engine, model, task)
    return await handle(request, reply)
  }
  app.post(url, { schema, config: { task } }, handler)
  app.put(url, { schema: { ...schema, hide: true }, config: { task } }, handler)
}
