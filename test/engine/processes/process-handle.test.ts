import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { getPriority } from 'node:os'
import t, { type Test } from 'tap'
import { CHUNK_BYTES, inChunks } from '../../../engine/chunks.ts'
import { ProcessHandle } from '../../../engine/processes/process-handle.ts'
import type { TestCalls } from '../../support/child-program.ts'
import { isAlive, until } from '../../support/versions.ts'

const PROGRAM = fileURLToPath(new URL('../../support/child-program.js', import.meta.url))

function start (t: Test) {
  const ends: string[] = []
  const child = new ProcessHandle<TestCalls>({ path: PROGRAM, niceness: 1 }, reason => { ends.push(reason) })
  t.teardown(() => child.kill('the test is over'))
  return { child, ends }
}

t.test('answers in order, bodies in pieces included', async t => {
  const { child, ends } = start(t)
  await child.ready
  const bytes = new Uint8Array(3 * CHUNK_BYTES + 1).fill(5)
  const [sum, echo] = await Promise.all([child.call('add', [1, 2]), child.call('echo', 'hello', { body: inChunks(bytes) })])
  t.equal(sum, 3)
  t.match(echo, { value: 'hello', pieces: 4 })
  t.same(Buffer.concat(echo.body), Buffer.from(bytes))
  t.ok(child.rss > 10e6, 'it tells its memory')
  t.equal(getPriority(child.pid), getPriority() + 1, 'it steps back before its parent')
  await child.close()
  t.same(ends, ['it was closed'])
  await t.rejects(child.call('add', [1, 2]), { name: 'WorkerError', ended: true })
})

t.test('errors keep their class where they have one that travels', async t => {
  const { child } = start(t)
  await t.rejects(child.call('fail', undefined as never), { name: 'ImageError', code: 'CORRUPT_IMAGE', cause: 'marker missing' })
  t.equal(await child.call('add', [2, 2]), 4)
})

t.test('it has no secrets', async t => {
  process.env['API_KEYS'] = 'secret'
  t.teardown(() => { delete process.env['API_KEYS'] })
  const { child } = start(t)
  t.notMatch(JSON.stringify(await child.call('environment', undefined as never)), /secret/)
})

t.test('a child that aborts fails what it was asked, with its last words', async t => {
  const { child, ends } = start(t)
  await child.ready
  const open = [child.call('abort', undefined as never), child.call('add', [1, 1])]
  for (const call of open) await t.rejects(call, { name: 'WorkerError', ended: true, message: /SIGABRT.*terminate called/ })
  t.match(ends, [/it was ended by SIGABRT: .*terminate called/])
})

t.test('a child that sends something else than messages is killed', async t => {
  const { child, ends } = start(t)
  await t.rejects(child.call('babble', undefined as never), { name: 'WorkerError', ended: true, message: /it sent an invalid message/ })
  t.match(ends, [/it sent an invalid message/])
  await until(() => !isAlive(child.pid!))
})

t.test('a child that ends in the middle of a body fails the call', async t => {
  const { child } = start(t)
  await child.ready
  process.kill(child.pid!, 'SIGSTOP')
  const open = child.call('echo', null, { body: [new Uint8Array(30 * CHUNK_BYTES)] })
  process.kill(child.pid!, 'SIGKILL')
  await t.rejects(open, { name: 'WorkerError', ended: true, message: /SIGKILL/ })
})

t.test('bytes in pieces arrive in one', async t => {
  const { child } = start(t)
  const { pieces, body } = await child.call('echo', null, { body: [[Buffer.from('ab'), Buffer.from('c')], Buffer.alloc(0), Buffer.from('d')] })
  t.equal(pieces, 3)
  t.same(body.map(String), ['abc', '', 'd'])
})

t.test('a child that hangs in a loop is killed', async t => {
  const { child, ends } = start(t)
  await child.ready
  await t.rejects(child.call('hang', undefined as never, { timeout: 50 }), { ended: true, message: /no answer within 50 ms/ })
  t.match(ends, [/no answer within 50 ms/])
  t.ok(child.wasKilled)
  await until(() => !isAlive(child.pid!))
})

t.test('a child that is stopped is killed, too', async t => {
  const { child } = start(t)
  await child.ready
  process.kill(child.pid!, 'SIGSTOP')
  await t.rejects(child.call('add', [1, 1], { timeout: 50 }), { name: 'WorkerError', ended: true })
})

t.test('signals for a whole group do not end it', async t => {
  const { child } = start(t)
  await child.ready
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(child.pid!, signal)
  t.equal(await child.call('add', [1, 1]), 2)
})

t.test('a child that hangs does not hold up closing', async t => {
  const { child } = start(t)
  await child.ready
  const hanging = t.rejects(child.call('hang', undefined as never), { name: 'WorkerError', ended: true })
  const before = performance.now()
  await child.close()
  t.ok(performance.now() - before < 3000)
  await hanging
})

t.test('a program that does not run is an end, not an exception', async t => {
  const ends: string[] = []
  const child = new ProcessHandle<TestCalls>({ path: '/nowhere/program.js', niceness: 1 }, reason => { ends.push(reason) })
  await t.rejects(child.ready)
  await child.ended
  t.match(ends, [/it exited with code 1: .*MODULE_NOT_FOUND/])
})

t.test('without a free file descriptor no process starts, and this one lives', async t => {
  const program = fileURLToPath(new URL('../../support/out-of-files.js', import.meta.url))
  const { stdout, stderr } = await promisify(execFile)('sh', ['-c', `ulimit -n 64 && exec "${process.execPath}" "${program}"`])
  t.match(stdout, /not ready: EMFILE/)
  t.match(stdout, /^ended: .*EMFILE[^]*^3\n/m)
  t.equal(stderr, '')
})
