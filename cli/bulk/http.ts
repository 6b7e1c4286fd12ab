import fastify, { type FastifyInstance } from 'fastify'
import type { BulkMetrics } from '../../bulk/queue/metrics.ts'
import { CommandError } from '../errors.ts'

export interface HttpOptions {
  readonly host: string
  readonly port: number
  readonly metrics: BulkMetrics
  /** Whether Redis answers. */
  readonly isReady: () => boolean
}

/** Serves /metrics, /health/live and /health/ready. @throws CommandError if the port is taken */
export async function serveMetrics ({ host, port, metrics, isReady }: HttpOptions): Promise<FastifyInstance> {
  const app = fastify({ forceCloseConnections: true })
  app.get('/metrics', async (_, reply) => {
    reply.header('content-type', metrics.contentType)
    return await metrics.text()
  })
  app.get('/health/live', async () => ({ status: 'ok' }))
  app.get('/health/ready', async (_, reply) => isReady() ? { status: 'ok' } : await reply.code(503).send({ status: 'Redis is away' }))
  await app.listen({ host, port }).catch(cause => { throw new CommandError(`--port ${port}: ${(cause as Error).message}`, { cause }) })
  return app
}
