import t from 'tap'
import { ProcessPeer } from '../../../bench/peers/process-peer.ts'

const start = (program: string) => ProcessPeer.start(process.execPath, ['-e', program], 4)

t.test('turns of a program, which ends when it is closed', async t => {
  const peer = await start(`console.log('{"versions":{"x":"1"}}')
    process.stdin.on('data', turn => console.log('{"network":' + Number(turn) + '}'))`)
  t.teardown(() => peer.close())
  t.same(peer.ready, { versions: { x: '1' } })
  t.same(await peer.turn(), { network: 4 })
  await peer.close()
  await t.rejects(peer.turn(), { name: 'CommandError', message: 'ended: SIGKILL' })
})

t.test('programs that end or do not start', async t => {
  await t.rejects(start('console.error("no\\nmodule x"); process.exit(3)'), { name: 'CommandError', message: 'module x' })
  await t.rejects(start('process.exit(3)'), { name: 'CommandError', message: 'ended: exit code 3' })
  await t.rejects(ProcessPeer.start('none-such', [], 1), { name: 'CommandError', message: /ENOENT/ })
})
