import t from 'tap'
import { configHelp } from '../../server/config.ts'
import { runServer } from '../../server/run-server.ts'
import { spawnServer } from '../support/server-process.ts'

t.test('--help lists the settings and starts nothing', async t => {
  const printed = t.capture(process.stdout, 'write', () => true)
  await runServer(['--help'])
  const text = printed().map(({ args }) => String(args[0])).join('')
  t.match(text, /^Usage: node dist\/server\/main\.js \[serve\]\n/)
  t.ok(text.includes(configHelp()))
})

t.test('SageMaker\'s argument and port; no other argument', async t => {
  const sagemaker = spawnServer(t, { PORT: '1', SAGEMAKER_BIND_TO_PORT: '0' }, { args: ['serve'] })
  t.not(new URL(await sagemaker.url()).port, '1')
  const other = spawnServer(t, {}, { args: ['sevre'] })
  t.same(await other.ended, [1, null])
  t.equal(other.stderr, 'sevre: unknown argument; --help lists the environment variables\n')
})
