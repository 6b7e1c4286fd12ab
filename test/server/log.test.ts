import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { readConfig } from '../../server/config.ts'
import { createLogger } from '../../server/log.ts'
import { spawnServer } from '../support/server-process.ts'

const LOG_MODULE = fileURLToPath(new URL('../../server/log.js', import.meta.url))
/** More than a pipe and its reader's buffer hold. */
const REQUESTS = 60
const LONG_PATH = `/${'x'.repeat(10_000)}`

/** What a program that opens the log prints. */
async function printed (body: string, env: Record<string, string>): Promise<string> {
  const program = `import { openLog } from ${JSON.stringify(LOG_MODULE)}
    const { logger, flush } = await openLog(${JSON.stringify(readConfig(env))})
    ${body}`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], { stdio: ['ignore', 'pipe', 'inherit'] })
  const chunks: Buffer[] = await child.stdout.toArray()
  return Buffer.concat(chunks).toString()
}

t.test('levels are numbers, or names', async t => {
  const levelsOf = (env: Record<string, string>) => {
    const lines: string[] = []
    const logger = createLogger(readConfig(env), { write: line => { lines.push(line) } })
    for (const level of ['debug', 'info', 'error'] as const) logger[level]('hello')
    return lines.map(line => JSON.parse(line).level)
  }
  t.same(levelsOf({}), [30, 50])
  t.same(levelsOf({ LOG_LEVEL_NAMES: 'true', LOG_LEVEL: 'debug' }), ['debug', 'info', 'error'])
})

t.test('JSON to a pipe, readable lines on demand', async t => {
  const body = "logger.info({ method: 'GET', path: '/x', status: 404 }, 'request')\nawait flush()"
  t.match(JSON.parse(await printed(body, {})), { level: 30, method: 'GET', msg: 'request' })
  t.match(await printed(body, { LOG_FORMAT: 'pretty' }), /^\[\d\d:\d\d:\d\d\] INFO: GET \/x 404\n$/)
  t.match(await printed(body, { LOG_FORMAT: 'pretty', LOG_LEVEL_NAMES: 'true' }), / INFO: GET \/x 404\n$/)
})

t.test('a fatal error does not wait for other lines', async t => {
  const block = 'const end = Date.now() + 500\nwhile (Date.now() < end);' // no timer fires; a thread writes
  for (const LOG_FORMAT of ['json', 'pretty']) {
    t.match(await printed(`logger.fatal('the end')\n${block}\nprocess.kill(process.pid, 'SIGKILL')`, { LOG_FORMAT }), /the end/)
  }
})

t.test('lines are written when the process exits at once', async t => {
  const lines = (await printed("for (let i = 0; i < 500; i++) logger.info({ i }, 'x'.repeat(200))\nprocess.exit(0)", {})).trim().split('\n')
  t.same(lines.map(line => JSON.parse(line).i), Array.from({ length: 500 }, (_, i) => i))
})

t.test('a reader of the log that has stalled does not keep the server from ending', async t => {
  const server = spawnServer(t, { SHUTDOWN_TIMEOUT: '5000' })
  const url = await server.url()
  await server.logged(/^ready$/)
  server.child.stdout!.pause()
  for (let i = 0; i < REQUESTS; i++) t.equal((await fetch(url + LONG_PATH)).status, 404)
  const start = performance.now()
  const exited = once(server.child, 'exit')
  server.child.kill('SIGTERM')
  t.same(await exited, [0, null])
  t.ok(performance.now() - start < 5000, `${Math.round(performance.now() - start)} ms`)
  server.child.stdout!.destroy()
})

t.test('neither does a reader of a pipe', async t => {
  const program = `import { openLog } from ${JSON.stringify(LOG_MODULE)}
    const { logger, flush } = await openLog(${JSON.stringify(readConfig({}))})
    for (let i = 0; i < 500; i++) logger.info('x'.repeat(1000))
    logger.fatal('the end')
    await flush()
    process.exit(3)`
  const script = '{ "$0" --input-type=module --eval "$1"; echo "$?" >&2; } | { sleep 10; }'
  const child = spawn('sh', ['-c', script, process.execPath, program], { stdio: ['ignore', 'ignore', 'pipe'], detached: true })
  t.teardown(() => process.kill(-child.pid!, 'SIGKILL'))
  const start = performance.now()
  const [code] = await once(child.stderr, 'data') as [Buffer]
  t.equal(code.toString(), '3\n')
  t.ok(performance.now() - start < 8000)
})
