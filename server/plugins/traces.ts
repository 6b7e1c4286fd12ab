import { trace, SpanKind, SpanStatusCode, type Context, type Span } from '@opentelemetry/api'
import fp from 'fastify-plugin'
import { STAGES, type StageTimes } from '../record.ts'
import type { Tracing } from '../tracing.ts'
import { onEnd } from './abort.ts'

interface Traced { readonly span: Span, readonly context: Context }

/** A span for each request, under the caller's, with a child span for each stage of its image. */
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
    const { runs: [run], failure } = request.record
    if (run) stageSpans(run.times, context) // for a batch, of its first image
    span.setAttributes({ 'http.response.status_code': status, 'http.route': request.routeOptions.url ?? 'none', 'request.id': request.id })
    if (failure) span.setAttribute('error.type', failure.code)
    if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
    span.end()
  })

  /** Stages follow each other; the last ends about now. */
  function stageSpans (times: StageTimes, context: Context): void {
    let start = Date.now() - STAGES.reduce((sum, stage) => sum + (times[stage] ?? 0), 0)
    for (const stage of STAGES) {
      const ms = times[stage]
      if (ms !== undefined) tracer.startSpan(stage, { startTime: start }, context).end(start += ms)
    }
  }
}, { name: 'traces', fastify: '5.x', dependencies: ['errors', 'abort'] })
