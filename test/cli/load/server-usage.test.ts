import t from 'tap'
import { readUsage } from '../../../cli/load/server-usage.ts'
import { startApp } from '../../support/server.ts'

t.test('what a server has used', async t => {
  const { app } = await startApp(t)
  const server = { base: await app.listen({ port: 0, host: '127.0.0.1' }), pid: process.pid }
  const before = await readUsage(server)
  const end = performance.now() + 100
  while (performance.now() < end); // busy
  const after = await readUsage(server)
  t.ok(after.eventLoopUtilization > 0.3 && after.eventLoopUtilization <= 1, String(after.eventLoopUtilization))
  if (process.platform !== 'linux') return
  t.ok(after.cpuSeconds! > before.cpuSeconds!)
  t.ok(after.rssMib! > 50)
  t.ok(after.mainThreadSeconds! > before.mainThreadSeconds!)
})

t.test('of a process that is not there, nothing but its metrics', async t => {
  const { app } = await startApp(t)
  t.match(await readUsage({ base: await app.listen({ port: 0, host: '127.0.0.1' }), pid: 0 }), { cpuSeconds: undefined, mainThreadSeconds: undefined, rssMib: undefined, eventLoopUtilization: Number })
})

t.test('a server that is not there', t =>
  t.rejects(readUsage({ base: 'http://127.0.0.1:1', pid: 1 }), { name: 'CommandError', message: /the server does not answer/ }))
