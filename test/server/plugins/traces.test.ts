import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import pino from 'pino'
import t from 'tap'
import { buildApp } from '../../../server/app.ts'
import { readConfig } from '../../../server/config.ts'
import { startEngine } from '../../../server/serve.ts'
import { startTracing } from '../../../server/tracing.ts'
import { photo } from '../../support/files.ts'

interface Sent {
  name: string
  traceId: string
  spanId: string
  parentSpanId?: string
  startTimeUnixNano: string
  endTimeUnixNano: string
  attributes: Array<{ key: string, value: object }>
}

t.test('spans reach a collector, under the caller\'s trace', async t => {
  const spans: Sent[] = []
  const collector = createServer(async (request, response) => {
    const body = JSON.parse(Buffer.concat(await request.toArray()).toString())
    t.equal(request.url, '/v1/traces')
    spans.push(...body.resourceSpans[0].scopeSpans[0].spans)
    response.end('{}')
  }).listen(0)
  await once(collector, 'listening')
  t.teardown(() => collector.close())
  const config = readConfig({ WORKERS: '1', REQUEST_TIMEOUT: '60000', OTEL_EXPORTER_OTLP_ENDPOINT: `http://localhost:${(collector.address() as AddressInfo).port}/` })
  const logger = pino({ level: 'silent' })
  const tracing = await startTracing(config, logger)
  const engine = startEngine(config, logger)
  const app = await buildApp({ config, engine, tracing, logger })
  t.teardown(async () => { await app.close(); await engine.close() })
  await engine.start()

  const trace = '4bf92f3577b34da6a3ce929d0e0e4736'
  const headers = { 'content-type': 'image/jpeg', traceparent: `00-${trace}-00f067aa0ba902b7-01` }
  await app.inject({ method: 'POST', url: '/detect', payload: photo('sample-me.jpg'), headers })
  await app.inject({ method: 'POST', url: '/detect', payload: 'no image', headers: { 'content-type': 'image/jpeg' } })
  await app.inject({ method: 'POST', url: '/features?layers=p5', payload: photo('sample-me.jpg'), headers: { 'content-type': 'image/jpeg' } })
  await app.inject('/health/live')
  await tracing!.stop()

  const [detect] = spans.filter(({ traceId, name }) => traceId === trace && name === 'POST /detect')
  t.match(detect, { parentSpanId: '00f067aa0ba902b7' })
  t.match(detect!.attributes, [{}, { key: 'http.response.status_code', value: { intValue: 200 } }, { key: 'http.route' }, { key: 'request.id' }])
  const stages = spans.filter(({ parentSpanId }) => parentSpanId === detect!.spanId)
  t.same(stages.map(({ name }) => name), ['queue', 'decode', 'preprocess', 'inference', 'postprocess'])
  const [starts, ends] = [stages.map(span => span.startTimeUnixNano), stages.map(span => span.endTimeUnixNano)]
  t.same(starts.slice(1), ends.slice(0, -1), 'each begins where the one before ends')
  const features = spans.find(({ name }) => name === 'POST /features')!
  t.same(spans.filter(({ parentSpanId }) => parentSpanId === features.spanId).map(({ name }) => name),
    ['queue', 'decode', 'preprocess', 'inference', 'postprocess', 'render'])
  const failed = spans.find(({ traceId, name }) => traceId !== trace && name === 'POST /detect')
  t.match(failed!.attributes.at(-1), { key: 'error.type', value: { stringValue: 'UNSUPPORTED_IMAGE' } })
  t.notOk(spans.some(({ name }) => name.includes('health')))
})
