import Fastify, { LogController } from 'fastify'
import pino from 'pino'
import t from 'tap'
import { OverloadError } from '../../../engine/errors.ts'
import { ApiError } from '../../../server/errors.ts'
import { abort } from '../../../server/plugins/abort.ts'
import { errors } from '../../../server/plugins/errors.ts'
import type { Run } from '../../../server/record.ts'
import { requestLog } from '../../../server/plugins/request-log.ts'
import { VERSION } from '../../../server/version.ts'

const RUN: Run = {
  task: 'detect', model: 'tiny', image: { width: 8, height: 6 }, times: { queue: 0, decode: 1.2345, total: 1.27 }, objects: ['cat', 'dog']
}

async function logged (path: string, { trustProxy = false, headers = {} } = {}) {
  const lines: Array<Record<string, unknown>> = []
  const loggerInstance = pino({}, { write: (line: string) => { lines.push(JSON.parse(line)) } })
  const app = Fastify({ loggerInstance, logController: new LogController({ disableRequestLogging: true }), trustProxy })
  await app.register(errors)
  await app.register(abort)
  await app.register(requestLog)
  app.get('/fine', async request => { request.record.runs.push(RUN); return {} })
  app.get('/early', async () => { throw new ApiError('NOT_READY', 'loading') })
  app.get('/late', async () => { throw new OverloadError('queue_full', 2) })
  app.get('/broken', async () => { throw new Error('boom') })
  const reply = await app.inject({ url: path, headers })
  t.equal(reply.headers['x-nanodet-version'], VERSION)
  return lines
}

t.test('one line per request, with rounded times', async t => {
  const lines = await logged('/fine?key=1')
  t.match(lines, [{ level: 30, reqId: String, method: 'GET', path: '/fine', status: 200, ms: Number, msg: 'request' }])
  t.match(lines, [{ model: 'tiny', image: { width: 8, height: 6 }, objects: 2, times: { queue: 0, decode: 1.2, total: 1.3 } }])
})

t.test('a client error is one line at level info', async t => {
  const lines = await logged('/nowhere')
  t.match(lines, [{ level: 30, status: 404, code: 'ROUTE_NOT_FOUND', reason: 'Unknown path /nowhere; GET /docs lists all paths' }])
  t.equal(lines.length, 1)
  t.notOk('err' in lines[0]!)
})

t.test('a server error is one line with its cause', async t => {
  const lines = await logged('/broken')
  t.match(lines, [{ level: 50, status: 500, code: 'INTERNAL_ERROR', err: { message: 'boom', stack: String } }])
  t.equal(lines.length, 1)
})

t.test('a batch is one line, with sums and failures', async t => {
  const lines: Array<Record<string, unknown>> = []
  const loggerInstance = pino({}, { write: (line: string) => { lines.push(JSON.parse(line)) } })
  const app = Fastify({ loggerInstance, logController: new LogController({ disableRequestLogging: true }) })
  for (const plugin of [errors, abort, requestLog]) await app.register(plugin)
  app.get('/', { config: { dialect: 'roboflow' } }, async request => {
    request.record.runs.push(RUN, RUN)
    request.record.failures.push(new ApiError('CORRUPT_IMAGE', 'damaged'))
    return {}
  })
  await app.inject('/')
  t.match(lines, [{ dialect: 'roboflow', model: 'tiny', images: 2, objects: 4, times: { decode: 2.5 }, failed: 1, failures: [{ code: 'CORRUPT_IMAGE', reason: 'damaged' }] }])
})

t.test('the address of the client, or what a trusted proxy forwards', async t => {
  const headers = { 'x-forwarded-for': '203.0.113.9' }
  t.match(await logged('/fine', { headers }), [{ address: '127.0.0.1' }])
  t.match(await logged('/fine', { headers, trustProxy: true }), [{ address: '203.0.113.9' }])
})

t.test('a refusal is a warning with its cause; before the server is ready, it is information', async t => {
  t.match(await logged('/late'), [{ level: 40, status: 503, code: 'OVERLOADED', cause: 'queue_full' }])
  t.match(await logged('/early'), [{ level: 30, status: 503, code: 'NOT_READY' }])
})
