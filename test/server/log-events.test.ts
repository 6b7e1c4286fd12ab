import pino from 'pino'
import t from 'tap'
import type { ModelEvent } from '../../engine/models/store.ts'
import { logChanges, logModel, logUnusable, logWorkerEnd } from '../../server/log-events.ts'

function logger () {
  const lines: Array<Record<string, unknown>> = []
  return { lines, logger: pino({}, { write: (line: string) => { lines.push(JSON.parse(line)) } }) }
}

t.test('the end of a worker: which, why, and how bad', async t => {
  const { lines, logger: log } = logger()
  logWorkerEnd(log, { pid: 7, reason: 'no answer within 5 ms' })
  logWorkerEnd(log, { pid: 8, reason: 'it was ended by SIGTERM' })
  logWorkerEnd(log, { pid: 9, reason: 'it grew to 3000 MiB', isPlanned: true })
  t.match(lines, [
    { level: 50, worker: 7, reason: 'no answer within 5 ms', msg: 'worker 7 ended and is replaced: no answer within 5 ms' },
    { level: 30, worker: 8, msg: 'worker 8 ended and is replaced: it was ended by SIGTERM' },
    { level: 40, worker: 9, msg: 'worker 9 is replaced: it grew to 3000 MiB' }
  ])
})

t.test('what happens to models', async t => {
  const { lines, logger: log } = logger()
  const config = { PRECISION: 'int8' } as const
  const loaded = (precision: string) => ({ type: 'loaded', model: 'a', ms: 12.3, info: { precision, ...(precision === 'int8' && { notes: ['80 classes are assumed'] }) } }) as unknown as ModelEvent
  logModel(log, loaded('int8'), config)
  logModel(log, loaded('fp32'), config)
  const running = { provider: 'webgpu', precision: 'fp32', isBatched: true, skipped: ['cuda: no library'] } as const
  logModel(log, { ...loaded('int8'), running } as ModelEvent, config)
  logModel(log, { type: 'failed', model: 'b', reason: 'damaged' }, config)
  logModel(log, { type: 'unloaded', model: 'a' }, config)
  logChanges(log, { added: ['c'], changed: [], removed: [] })
  logUnusable(log, 'it is damaged')
  t.match(lines, [
    { level: 30, model: 'a', ms: 12, precision: 'int8', provider: 'cpu', msg: 'model loaded' },
    { level: 30, model: 'a', msg: 'model a: 80 classes are assumed' },
    { level: 30, precision: 'fp32', msg: 'model loaded' },
    { level: 40, msg: 'model has no calibration table for int8: it runs in fp32' },
    { level: 30, precision: 'fp32', provider: 'webgpu', msg: 'model loaded' },
    { level: 30, msg: 'model a: 80 classes are assumed' },
    { level: 40, model: 'a', provider: 'webgpu', msg: 'model a runs on webgpu: cuda: no library' },
    { level: 40, msg: 'webgpu does not run int8: it runs in fp32' },
    { level: 50, model: 'b', reason: 'damaged', msg: 'model can\'t be loaded' },
    { level: 30, model: 'a', msg: 'model unloaded' },
    { level: 30, added: ['c'], changed: [], removed: [], msg: 'models reread' },
    { level: 30, reason: 'it is damaged', msg: 'a compiled model can\'t be used and is compiled again: it is damaged' }
  ])
})
