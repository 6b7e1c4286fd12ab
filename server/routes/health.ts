import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Engine } from '../../engine/engine.ts'
import { describeErrors } from '../error-replies.ts'
import { ApiError } from '../errors.ts'
import { VERSION } from '../version.ts'

const PROBE = { tags: ['Operation'] }

const status = <S extends string>(value: S) => z.object({ status: z.literal(value), version: z.string().describe('Version of the server') })

/** GET /health/live: the process answers. GET /health/ready: the models are loaded and have run once, and a worker can take jobs. */
export const healthRoute: FastifyPluginAsyncZod<{ engine: Engine }> = async (app, { engine }) => {
  const live = { ...PROBE, operationId: 'isLive', summary: 'Is the process alive?', response: { 200: status('live'), ...describeErrors(['HOST_NOT_ALLOWED']) } }
  app.get('/health/live', { schema: live, logLevel: 'warn' }, async () => ({ status: 'live' as const, version: VERSION }))

  const readyErrors = describeErrors(['HOST_NOT_ALLOWED', 'NOT_READY'])
  const ready = { ...PROBE, operationId: 'isReady', summary: 'Can it take requests?', response: { 200: status('ready'), ...readyErrors } }
  app.get('/health/ready', { schema: ready, logLevel: 'warn' }, async () => {
    if (app.closing) throw new ApiError('NOT_READY', 'The server is shutting down')
    if (!engine.isReady) throw new ApiError('NOT_READY', 'The server is still loading its models')
    if (!engine.canWork) throw new ApiError('NOT_READY', 'No worker is running; a new one is starting')
    return { status: 'ready' as const, version: VERSION }
  })
}
