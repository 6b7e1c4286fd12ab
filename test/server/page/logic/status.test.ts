import t from 'tap'
import { msText, statusLine, type Status } from '../../../../server/page/logic/status.ts'
import { startApp } from '../../../support/server.ts'

const idle: Status = {
  version: '1.2.3', ready: true, model: 'm', workers: { running: 2, busy: 0 }, queue: { depth: 0, bytes: 0 }, latency_ms: null
}

t.test('a line for all, and details', async t => {
  t.same(statusLine(idle), { tone: 'good', text: 'Ready · v1.2.3', details: 'nanodet-server 1.2.3\n0 of 2 workers busy\nqueue empty' })
  t.match(statusLine({ ...idle, latency_ms: 24.6 }, 81.2), {
    text: 'Ready · 25 ms · v1.2.3', details: /m takes 25 ms an image\nyour last request took 81 ms$/
  })
  t.match(statusLine({ ...idle, ready: false }), { tone: 'busy', text: 'Loading models · v1.2.3' })
  const busy = { ...idle, workers: { running: 2, busy: 2 } }
  t.match(statusLine({ ...busy, queue: { depth: 1, bytes: 100 } }), { tone: 'busy', text: /^1 waiting/, details: /2 of 2 workers busy\n1 image waiting \(1 KB\)/ })
  t.match(statusLine({ ...busy, queue: { depth: 3, bytes: 352_140 } }), { text: /^3 waiting/, details: /3 images waiting \(353 KB\)/ })
})

t.test('reads what the server answers', async t => {
  const { app } = await startApp(t)
  t.match(statusLine((await app.inject('/status')).json()), { tone: 'good', text: /^Ready · v\d/, details: /0 of 1 workers busy/ })
})

t.test('long times are in seconds', async t => {
  t.same([0.4, 9999, 10_000, 61_400].map(msText), ['0 ms', '9999 ms', '10 s', '61 s'])
})
