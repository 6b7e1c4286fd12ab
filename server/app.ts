import accepts from '@fastify/accepts'
import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import type { Engine } from '../engine/engine.ts'
import { onAddressError, onClientError, type CountFailure } from './client-errors.ts'
import type { Config } from './config.ts'
import { FeedbackStore } from './feedback/store.ts'
import { answerAt, registerDialects } from './dialects/dialects.ts'
import { limitsOf } from './limits.ts'
import { abort } from './plugins/abort.ts'
import { access } from './plugins/access.ts'
import { bodies } from './plugins/bodies.ts'
import { docs } from './plugins/docs.ts'
import { errors } from './plugins/errors.ts'
import { featureReplies } from './plugins/feature-replies.ts'
import { finalNewline } from './plugins/final-newline.ts'
import { metrics } from './plugins/metrics.ts'
import { openapi } from './plugins/openapi.ts'
import { page } from './plugins/page.ts'
import { requestLog } from './plugins/request-log.ts'
import { shutdown } from './plugins/shutdown.ts'
import { requestId } from './request-id.ts'
import { classifyRoute } from './routes/classify.ts'
import { detectRoute } from './routes/detect.ts'
import { explainRoute } from './routes/explain.ts'
import { feedbackRoute } from './routes/feedback.ts'
import { featuresRoute } from './routes/features.ts'
import { healthRoute } from './routes/health.ts'
import { modelsRoute } from './routes/models.ts'
import { profileRoute } from './routes/profile.ts'
import { statusRoute } from './routes/status.ts'
import { MAX_NAME } from './schemas.ts'
import type { Tracing } from './tracing.ts'
import { VERSION } from './version.ts'

export interface AppOptions {
  config: Config
  engine: Engine
  logger: FastifyBaseLogger
  tracing?: Tracing | undefined
}

/** Interval of the check for slow senders: Node's default of 30 s would tolerate them for that long. */
const CONNECTIONS_CHECK = 1000

/** Milliseconds after which Node closes late requests that have not been answered. */
const GRACE = 5000

/** Builds the HTTP API over models that are loaded or loading. It opens no port: main.ts does, tests inject. */
export async function buildApp ({ config, engine, logger, tracing }: AppOptions): Promise<FastifyInstance> {
  const feedback = config.FEEDBACK_DIR === undefined ? undefined : await FeedbackStore.open(config.FEEDBACK_DIR, config.FEEDBACK_MAX_BYTES)
  const count: CountFailure = failure => app.countFailure(failure)
  const app = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: requestId,
    trustProxy: config.TRUST_PROXY.length > 0 ? config.TRUST_PROXY : false,
    requestTimeout: config.RECEIVE_TIMEOUT && config.RECEIVE_TIMEOUT + GRACE,
    http: { headersTimeout: config.RECEIVE_TIMEOUT, connectionsCheckingInterval: CONNECTIONS_CHECK, requireHostHeader: false },
    keepAliveTimeout: config.KEEP_ALIVE_TIMEOUT,
    return503OnClosing: false, // requests on open connections are still answered, then close them: see shutdown.ts
    routerOptions: { maxParamLength: MAX_NAME },
    frameworkErrors: onAddressError(count, answerAt(config)),
    clientErrorHandler: onClientError(logger, count)
  })
  app.server.maxConnections = config.MAX_CONNECTIONS
  app.setValidatorCompiler(route => route.httpPart === 'querystring' ? value => ({ value }) : validatorCompiler(route as never)) // see parseParameters
  app.setSerializerCompiler(serializerCompiler)
  await app.register(errors)
  await app.register(openapi, { version: VERSION, hasKeys: config.API_KEYS.length > 0 })
  await app.register(finalNewline)
  await app.register(abort)
  await app.register(requestLog)
  await app.register(metrics, { engine, feedback })
  if (tracing) await app.register((await import('./plugins/traces.ts')).traces, { tracing })
  await app.register(shutdown)
  await app.register(access, { config })
  await app.register(accepts)
  await app.register(docs)
  await app.register(page, { config })
  await app.register(bodies, {
    maxBytes: config.MAX_BODY_BYTES,
    maxBytesInFlight: config.MAX_QUEUE_BYTES,
    timeout: config.RECEIVE_TIMEOUT,
    admit: (task, bytes) => engine.admit(task, bytes, config.REQUEST_TIMEOUT)
  })
  const service = { engine, limits: limitsOf(config) }
  await app.register(featureReplies, { maxBytes: config.MAX_FEATURE_BYTES })
  await app.register(healthRoute, service)
  await app.register(statusRoute, service)
  await app.register(modelsRoute, service)
  await app.register(profileRoute, service)
  await app.register(detectRoute, service)
  await app.register(classifyRoute, service)
  await app.register(explainRoute, service)
  await app.register(featuresRoute, service)
  await app.register(feedbackRoute, { ...service, feedback })
  await registerDialects(app, service, config)
  return app
}
