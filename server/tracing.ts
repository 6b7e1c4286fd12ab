import type { Context, Tracer } from '@opentelemetry/api'
import type { IncomingHttpHeaders } from 'node:http'
import type { Config } from './config.ts'
import { VERSION } from './version.ts'

/** OpenTelemetry, where it is wanted. */
export interface Tracing {
  readonly tracer: Tracer
  /** The caller's trace, from its `traceparent` header. */
  contextOf (headers: IncomingHttpHeaders): Context
  /** Sends what is left. */
  stop (): Promise<void>
}

/** Starts tracing where OTEL_EXPORTER_OTLP_ENDPOINT says; otherwise nothing of OpenTelemetry is even loaded. */
export async function startTracing ({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }: Config): Promise<Tracing | undefined> {
  if (endpoint === undefined) return undefined
  const { ROOT_CONTEXT, defaultTextMapGetter } = await import('@opentelemetry/api')
  const { W3CTraceContextPropagator } = await import('@opentelemetry/core')
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http')
  const { resourceFromAttributes } = await import('@opentelemetry/resources')
  const { BasicTracerProvider, BatchSpanProcessor } = await import('@opentelemetry/sdk-trace-base')

  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` })
  const resource = resourceFromAttributes({ 'service.name': 'nanodet-server', 'service.version': VERSION })
  const provider = new BasicTracerProvider({ resource, spanProcessors: [new BatchSpanProcessor(exporter)] })
  const propagator = new W3CTraceContextPropagator()
  return {
    tracer: provider.getTracer('nanodet-server', VERSION),
    contextOf: headers => propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter),
    stop: () => provider.shutdown()
  }
}
