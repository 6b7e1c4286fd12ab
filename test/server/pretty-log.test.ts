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

t.test('texts from outside can\'t act on the terminal or forge lines', async t => {
  const hostile = 'x\u001b]0;title\u0007\u009b2J\nINFO: forged\u202e'
  for (const fields of [{ msg: hostile }, { msg: 'request', method: 'GET', path: hostile, status: 404 }, { msg: 'a', file: hostile, of: { reason: [hostile] } }]) {
    const text = line(fields)
    t.notMatch(text.slice(0, -1), /[\p{Cc}\p{Bidi_Control}]/u)
    t.match(text, /u001b\]0;title/)
  }
  const stack = line({ level: 60, msg: 'x', err: { type: 'Error', message: hostile, stack: `Error: ${hostile}\n    at x` } })
  for (const char of '\u001b\u009b\u202e') t.notOk(stack.includes(char))
  t.match(stack, /\n +at x/)
})
