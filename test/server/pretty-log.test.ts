import t from 'tap'
import { prettyLines } from '../../server/pretty-log.ts'

const format = prettyLines(false)
const line = (fields: object): string => format(`${JSON.stringify({ level: 30, time: 0, pid: 1, hostname: 'vm', ...fields })}\n`).replace(/^\[[\d:]+\] /, '')

t.test('a request is its method, path and status', async t => {
  t.equal(line({ msg: 'request', reqId: 'a', method: 'POST', path: '/detect', status: 200, ms: 4.2 }), 'INFO: POST /detect 200 {"ms":4.2}\n')
})

t.test('other lines are their message and fields', async t => {
  t.equal(line({ level: 50, msg: 'model can\'t be loaded', model: 'a', reason: 'damaged' }), 'ERROR: model can\'t be loaded {"model":"a","reason":"damaged"}\n')
  t.equal(line({ event: 'ready', url: 'http://localhost:1', models: [], workers: 1, threads: 1, msg: 'open' }), 'INFO: open\n')
  t.equal(line({ a: 1 }), 'INFO:  {"a":1}\n')
  t.match(line({ level: 60, msg: 'x', err: { type: 'Error', message: 'boom', stack: 'Error: boom\n    at x' } }), /boom/)
})

t.test('colors on a terminal', async t => {
  t.ok(prettyLines(true)('{"level":30,"time":0,"msg":"x"}').includes('\u001b[32mINFO'))
})
