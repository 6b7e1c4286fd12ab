import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { WorkerError } from '../../engine/errors.ts'
import type { ProfileOutput } from '../../engine/profile/report.ts'
import { acquire } from '../acquire.ts'
import { errorReplies } from '../error-replies.ts'
import { ApiError } from '../errors.ts'
import { parseParameters } from '../parameters.ts'
import { profileParameters, profileReply } from '../profile-schemas.ts'
import type { Service } from '../recognize.ts'

const NOTE = 'Measured with a blank picture on this machine, while other work may have run'

const schema = {
  operationId: 'profileModel',
  tags: ['Models'],
  summary: 'Measure the time of a model\'s layers',
  description: 'Runs the network of POST /detect up to 50 times with a blank picture, for up to 2 s. Times depend on the machine and its other work.',
  params: z.object({ name: z.string().describe('A name from GET /models').meta({ examples: ['nanodet-m-416'] }) }),
  querystring: profileParameters,
  response: { 200: profileReply, ...errorReplies('model', ['INVALID_PARAMETER', 'WRONG_TASK', 'INFERENCE_FAILED', 'OVERLOADED']) }
}

/** GET /models/{name}/profile: the measured time of each layer. */
export const profileRoute: FastifyPluginAsyncZod<Service> = async (app, service) => {
  app.get('/models/:name/profile', { schema }, async request => {
    const { runs } = parseParameters(profileParameters, request.query)
    service.engine.admit('profile', 0, service.limits.requestTimeout)
    const { lease, wait } = await acquire(service, 'profile', request, request.params.name)
    try {
      const { name, precision, layers } = lease.model
      const job = { bytes: new Uint8Array(), runs, layers: layers.map(({ name }) => name) }
      const profile = await lease.run(job, { ...wait, priority: 'low' })
      return { model: name, precision, note: NOTE, ...toReply(profile) }
    } catch (error) {
      throw error instanceof WorkerError ? failed(error) : error
    } finally {
      lease.release()
    }
  })
}

const toReply = ({ runs, threads, totalMs, layers, otherMs, nodes }: ProfileOutput) =>
  ({ runs, threads, total_ms: totalMs, layers, other_ms: otherMs, nodes })

const failed = (cause: WorkerError): ApiError => new ApiError('INFERENCE_FAILED', `The network could not be profiled: ${cause.message}`, { cause })
