import pino from 'pino'
import t from 'tap'
import { readConfig } from '../../server/config.ts'
import { startTracing } from '../../server/tracing.ts'

const logger = pino({ level: 'silent' })

t.test('nothing without an endpoint', async t => t.equal(await startTracing(readConfig({}), logger), undefined))

t.test('a caller\'s trace is found in its header', async t => {
  const tracing = await startTracing(readConfig({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:9' }), logger)
  const { trace } = await import('@opentelemetry/api')
  const context = tracing!.contextOf({ traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' })
  t.equal(trace.getSpanContext(context)!.traceId, '4bf92f3577b34da6a3ce929d0e0e4736')
  await tracing!.stop()
})
