import { trace, SpanKind, SpanStatusCode, type Context, type Span } from '@opentelemetry/api'
import fp from 'fastify-plugin'
import type { Tracing } from '../tracing.ts'
import { onEnd } from './abort.ts'

const STAGES = ['queue', 'decode', 'preprocess', 'inference', 'postprocess'] as const

interface Traced { readonly span: Span, readonly context: Context }

/** A span a request, under the caller's, with one below it for each stage of a detection. */
export const traces = fp<{ tracing: Tracing }>(async (app, { tracing: { tracer, contextOf } }) => {
  const open = new WeakMap<object, Traced>()
  app.addHook('onRequest', async request => {
    if (request.url.startsWith('/health/') || request.url === '/metrics') return
    const name = `${request.method} ${request.routeOptions.url ?? 'none'}`
    const parent = contextOf(request.headers)
    const span = tracer.startSpan(name, { kind: SpanKind.SERVER, attributes: { 'http.request.method': request.method } }, parent)
    open.set(request, { span, context: trace.setSpan(parent, span) })
  })
  onEnd(app, ({ request, status }) => {
    const traced = open.get(request)
    if (!traced) return
    const { span, context } = traced
    stageSpans(request.logFields?.['times'] as Record<string, number> | undefined, context)
    span.setAttributes({ 'http.response.status_code': status, 'http.route': request.routeOptions.url ?? 'none', 'request.id': request.id })
    if (request.failure) span.setAttribute('error.type', request.failure.code)
    if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
    span.end()
  })

  /** Stages follow each other, and the last ends about now. */
  function stageSpans (times: Record<string, number> = {}, context: Context): void {
    let start = Date.now() - STAGES.reduce((sum, stage) => sum + (times[stage] ?? 0), 0)
    for (const stage of STAGES.filter(stage => times[stage] !== undefined)) {
      const span = tracer.startSpan(stage, { startTime: start }, context)
      span.end(start += times[stage]!)
    }
  }
}, { name: 'traces', fastify: '5.x', dependencies: ['errors', 'abort', 'request-log'] })
