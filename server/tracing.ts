import type { Context, Tracer } from '@opentelemetry/api'
import type { ExportResult } from '@opentelemetry/core'
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base'
import type { FastifyBaseLogger } from 'fastify'
import type { IncomingHttpHeaders } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Config } from './config.ts'
import { VERSION } from './version.ts'

/** OpenTelemetry, if it is configured. */
export interface Tracing {
  readonly tracer: Tracer
  /** The caller's trace, from its `traceparent` header. */
  contextOf (headers: IncomingHttpHeaders): Context
  /** Sends the remaining spans, for up to two seconds. */
  stop (): Promise<void>
}

type Logger = Pick<FastifyBaseLogger, 'warn' | 'info'>

/** Milliseconds for the last spans: a collector that does not answer must not delay the end. */
const LAST_SPANS = 2000

/** Starts tracing if an endpoint is set; otherwise OpenTelemetry is not even loaded. */
export async function startTracing (config: Config, logger: Logger): Promise<Tracing | undefined> {
  const endpoint = endpointOf(config)
  if (endpoint === undefined) return undefined
  const { ROOT_CONTEXT, defaultTextMapGetter } = await import('@opentelemetry/api')
  const { W3CTraceContextPropagator } = await import('@opentelemetry/core')
  const { BasicTracerProvider, BatchSpanProcessor } = await import('@opentelemetry/sdk-trace-base')
  const exporter = warningOnce(await exporterTo(endpoint), new URL(endpoint).origin, logger)
  const provider = new BasicTracerProvider({ resource: await resourceOf(config), spanProcessors: [new BatchSpanProcessor(exporter)] })
  const propagator = new W3CTraceContextPropagator()
  return {
    tracer: provider.getTracer('nanodet-server', VERSION),
    contextOf: headers => propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter),
    stop: async () => { await Promise.race([provider.shutdown(), sleep(LAST_SPANS, undefined, { ref: false })]) }
  }
}

function endpointOf (config: Config): string | undefined {
  const { OTEL_SDK_DISABLED, OTEL_EXPORTER_OTLP_ENDPOINT: base, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: traces } = config
  if (OTEL_SDK_DISABLED) return undefined
  return traces ?? (base && `${base.replace(/\/$/, '')}/v1/traces`)
}

/** Headers, timeout, compression and certificates the exporter reads from OTEL_EXPORTER_OTLP_*, the sampler from OTEL_TRACES_SAMPLER. */
async function exporterTo (url: string): Promise<SpanExporter> {
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http')
  return new OTLPTraceExporter({ url })
}

/** OTEL_SERVICE_NAME takes precedence over a service.name in OTEL_RESOURCE_ATTRIBUTES. */
async function resourceOf ({ OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES = '' }: Config) {
  const { resourceFromAttributes } = await import('@opentelemetry/resources')
  const attributes = OTEL_RESOURCE_ATTRIBUTES.split(',').filter(pair => pair.trim() !== '').map(pair => pair.split('=').map(part => decodeURIComponent(part.trim())))
  return resourceFromAttributes({
    'service.name': 'nanodet-server',
    'service.version': VERSION,
    ...Object.fromEntries(attributes),
    ...(OTEL_SERVICE_NAME !== undefined && { 'service.name': OTEL_SERVICE_NAME })
  })
}

/** Reports an outage of the collector by one warning, and its end by one line. */
function warningOnce (exporter: SpanExporter, collector: string, logger: Logger): SpanExporter {
  let isDown = false
  const report = ({ code, error }: ExportResult): void => {
    if (code === 0 && isDown) logger.info({ collector }, 'traces are sent again')
    if (code !== 0 && !isDown) logger.warn({ collector, reason: error?.message || 'no answer' }, 'traces can\'t be sent; they are dropped until the collector answers')
    isDown = code !== 0
  }
  return {
    export: (spans: ReadableSpan[], done) => exporter.export(spans, result => {
      report(result)
      done({ code: 0 })
    }),
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => await exporter.forceFlush?.()
  }
}
