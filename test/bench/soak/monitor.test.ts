import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { Monitor } from '../../../bench/soak/monitor.ts'
import { startApp } from '../../support/server.ts'

t.test('watches health and metrics', async t => {
  const { app } = await startApp(t)
  const monitor = new Monitor({ base: await app.listen({ port: 0, host: '127.0.0.1' }), pid: process.pid })
  t.teardown(() => monitor.stop())
  await sleep(300)
  const { live, samples } = await monitor.lap()
  t.ok(live.length >= 3 && live.every(ms => ms > 0))
  t.match(samples, [{ rssMib: Number, loopDelayMs: Number, queueDepth: 0, crashes: 0 }])
  t.ok(samples[0]!.rssMib! > 50)
  t.match(await monitor.settle(), { queueDepth: 0 })
})
