import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import pino from 'pino'
import t, { type Test } from 'tap'
import { readConfig } from '../../server/config.ts'
import { startTracing } from '../../server/tracing.ts'

interface Attribute { readonly key: string, readonly value: { readonly stringValue: string } }
interface Received { readonly url?: string | undefined, readonly headers: object, readonly attributes: Record<string, string> }

/** A collector that can be down: then it answers 400, which is not tried again. */
async function startCollector (t: Test) {
  const received: Received[] = []
  const state = { isDown: false }
  const server = createServer(async (request, response) => {
    const { resourceSpans: [{ resource }] } = JSON.parse(Buffer.concat(await request.toArray()).toString())
    const attributes = Object.fromEntries(resource.attributes.map(({ key, value }: Attribute) => [key, value.stringValue]))
    received.push({ url: request.url, headers: request.headers, attributes })
    response.writeHead(state.isDown ? 400 : 200).end('{}')
  }).listen(0)
  await once(server, 'listening')
  t.teardown(() => server.close())
  return { received, state, url: `http://localhost:${(server.address() as AddressInfo).port}` }
}

function log () {
  const lines: Array<Record<string, unknown>> = []
  return { lines, logger: pino({}, { write: (line: string) => { lines.push(JSON.parse(line)) } }) }
}

async function start (t: Test, env: Record<string, string>) {
  const { lines, logger } = log()
  const tracing = (await startTracing(readConfig(env), logger))!
  t.teardown(() => tracing.stop())
  return { lines, tracing, span: () => tracing.tracer.startSpan('test').end() }
}

t.test('nothing without an endpoint, or if it is disabled', async t => {
  t.equal(await startTracing(readConfig({}), log().logger), undefined)
  t.equal(await startTracing(readConfig({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:9', OTEL_SDK_DISABLED: 'true' }), log().logger), undefined)
})

t.test('a caller\'s trace is found in its header', async t => {
  const { tracing } = await start(t, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:9' })
  const { trace } = await import('@opentelemetry/api')
  const context = tracing.contextOf({ traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' })
  t.equal(trace.getSpanContext(context)!.traceId, '4bf92f3577b34da6a3ce929d0e0e4736')
})

t.test('the standard variables have their effect', async t => {
  const { received, url } = await startCollector(t)
  const sent = async (env: Record<string, string>) => {
    const { tracing, span } = await start(t, env)
    span()
    await tracing.stop()
    return received.at(-1)!
  }
  t.match(await sent({ OTEL_EXPORTER_OTLP_ENDPOINT: `${url}/` }), { url: '/v1/traces', attributes: { 'service.name': 'nanodet-server' } })
  const named = { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${url}/full`, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:9', OTEL_SERVICE_NAME: 'cameras' }
  t.match(await sent({ ...named, OTEL_RESOURCE_ATTRIBUTES: 'service.name=other, team=vision%2C2' }),
    { url: '/full', attributes: { 'service.name': 'cameras', team: 'vision,2' } })
  t.match(await sent({ OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_RESOURCE_ATTRIBUTES: 'service.name=other' }), { attributes: { 'service.name': 'other' } })
  process.env['OTEL_EXPORTER_OTLP_HEADERS'] = 'api-key=s3cret'
  process.env['OTEL_TRACES_SAMPLER'] = 'always_off'
  t.teardown(() => { delete process.env['OTEL_EXPORTER_OTLP_HEADERS']; delete process.env['OTEL_TRACES_SAMPLER'] })
  const count = received.length
  await sent({ OTEL_EXPORTER_OTLP_ENDPOINT: url })
  t.equal(received.length, count, 'nothing is sampled')
  delete process.env['OTEL_TRACES_SAMPLER']
  t.match(await sent({ OTEL_EXPORTER_OTLP_ENDPOINT: url }), { headers: { 'api-key': 's3cret' } })
})

t.test('an outage of the collector is one warning, and its end one line', async t => {
  process.env['OTEL_BSP_SCHEDULE_DELAY'] = '20'
  t.teardown(() => { delete process.env['OTEL_BSP_SCHEDULE_DELAY'] })
  const { received, state, url } = await startCollector(t)
  const { lines, span } = await start(t, { OTEL_EXPORTER_OTLP_ENDPOINT: url })
  const send = async () => {
    const count = received.length
    span()
    while (received.length === count) await new Promise(resolve => setTimeout(resolve, 5))
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  state.isDown = true
  for (let i = 0; i < 3; i++) await send()
  t.match(lines, [{ level: 40, collector: url, reason: String, msg: 'traces can\'t be sent; they are dropped until the collector answers' }])
  t.equal(lines.length, 1)
  state.isDown = false
  for (let i = 0; i < 2; i++) await send()
  t.match(lines[1], { level: 30, collector: url, msg: 'traces are sent again' })
  t.equal(lines.length, 2)
})

t.test('a collector that nobody has started delays the end by two seconds at most', async t => {
  const { lines, tracing, span } = await start(t, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' })
  span()
  const begin = performance.now()
  await tracing.stop()
  t.ok(performance.now() - begin < 8000)
  t.ok(lines.length <= 1)
})
