import { PassThrough } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import t from 'tap'
import { openLog } from '../../../cli/bulk/log.ts'

t.test('lines are JSON, or readable on a terminal', async t => {
  const stream = new PassThrough()
  openLog(stream).info({ shard: 3 }, 'Shard 3 is done')
  await setImmediate() // the stream takes what was written
  t.match(JSON.parse(String(stream.read())), { level: 30, shard: 3, msg: 'Shard 3 is done' })
  const terminal = Object.assign(new PassThrough(), { isTTY: true })
  openLog(terminal).error({ suspects: ['a\u001b[2J'] }, 'bad\u001b[2J')
  await setImmediate()
  const text = String(terminal.read())
  t.match(text, 'bad\\u001b[2J')
  t.match(text, /\d\d:\d\d:\d\d/)
  t.notMatch(text, 'hostname')
  t.notMatch(text, '\u001b[2J')
})
