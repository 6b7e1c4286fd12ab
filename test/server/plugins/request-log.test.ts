import Fastify, { LogController } from 'fastify'
import pino from 'pino'
import t from 'tap'
import { abort } from '../../../server/plugins/abort.ts'
import { errors } from '../../../server/plugins/errors.ts'
import { requestLog, rounded } from '../../../server/plugins/request-log.ts'

async function logged (path: string) {
  const lines: Array<Record<string, unknown>> = []
  const loggerInstance = pino({}, { write: (line: string) => { lines.push(JSON.parse(line)) } })
  const app = Fastify({ loggerInstance, logController: new LogController({ disableRequestLogging: true }) })
  await app.register(errors)
  await app.register(abort)
  await app.register(requestLog)
  app.get('/fine', async request => { request.logFields = { objects: 2 }; return {} })
  app.get('/broken', async () => { throw new Error('boom') })
  await app.inject(path)
  return lines
}

t.test('one line a request, with what the route adds', async t => {
  t.match(await logged('/fine?key=1'), [{ level: 30, reqId: String, method: 'GET', path: '/fine', status: 200, ms: Number, objects: 2, msg: 'request' }])
})

t.test('a client\'s error is one line of information', async t => {
  const lines = await logged('/nowhere')
  t.match(lines, [{ level: 30, status: 404, code: 'ROUTE_NOT_FOUND', reason: 'There is no GET /nowhere' }])
  t.equal(lines.length, 1)
  t.notOk('err' in lines[0]!)
})

t.test('an error of ours is one line with its cause', async t => {
  const lines = await logged('/broken')
  t.match(lines, [{ level: 50, status: 500, code: 'INTERNAL_ERROR', err: { message: 'boom', stack: String } }])
  t.equal(lines.length, 1)
})

t.test('times are rounded', async t => t.same(rounded({ decode: 1.2345, queue: 0 }), { decode: 1.2, queue: 0 }))
