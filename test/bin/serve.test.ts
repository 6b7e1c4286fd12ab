import t from 'tap'
import { serve as command } from '../../bin/serve.ts'
import { call } from '../support/io.ts'
import { NANODET } from '../support/nanodet.ts'
import { ownModels } from '../support/own-models.ts'
import { endsQuietly, LATEST_END, spawnServer } from '../support/server-process.ts'

const MOMENTS = [0, 50, 150, 300, 600, 1200]
const serving = { main: NANODET, bare: true }

t.test('options override the environment', async t => {
  const { folder } = ownModels(t)
  const args = ['serve', '--host', '127.0.0.1', '--port=0', '--models-dir', folder, '--model', 'small', '--threads', '2']
  const server = spawnServer(t, { PORT: '1', HOST: 'nowhere.invalid', PRELOAD: 'small' }, { ...serving, args })
  const url = await server.url()
  t.match(await server.logged(/^ready$|: open http/), { models: ['small'], workers: 1, threads: 2 })
  const { models } = await (await fetch(`${url}/models`)).json() as { models: Array<{ name: string }> }
  t.match(models.find(({ name }) => name === 'small'), { labels: ['cat', 'dog', 'cow'] })
  server.child.kill('SIGINT')
  t.same(await server.ended, [0, null])
  t.same(await server.remaining(LATEST_END), [])
})

t.test('SIGTERM at any moment of the start is a quiet end', async t => {
  for (const moment of MOMENTS) {
    const server = spawnServer(t, {}, { ...serving, args: ['serve'] })
    await endsQuietly(t, server, moment)
  }
})

t.test('wrong arguments are a line on stderr and exit code 2', async t => {
  const wrong: [string[], RegExp][] = [
    [['--port', '99999'], /^--port: expected a whole number from 0 to 65535, found 99999\n$/],
    [['--prot', '80'], /^Unknown option --prot; did you mean --port\?/],
    [['--precision', 'int4'], /^--precision: expected fp32 or int8, found int4; did you mean int8\?/],
    [['8080'], /^Unexpected argument 8080/]
  ]
  for (const [argv, stderr] of wrong) t.match(await call(command, argv), { exitCode: 2, stdout: '', stderr })
})
