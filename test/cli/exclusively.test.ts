import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { rm, stat, utimes } from 'node:fs/promises'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { exclusively } from '../../cli/exclusively.ts'

const hold = (path: string, pid: number, host = hostname()): void => writeFileSync(path, JSON.stringify({ pid, host }))

t.test('work with one path runs one after the other, and leaves nothing', async t => {
  const path = `${t.testdir({})}/held`
  const order: string[] = []
  const work = (name: string) => exclusively(path, 5000, 'nanodet models pull', async () => {
    order.push(`${name} begins`)
    await sleep(30)
    order.push(`${name} ends`)
  })
  await Promise.all([work('a'), work('b')])
  t.match(order, [/begins/, /ends/, /begins/, /ends/])
  t.notOk(existsSync(path))
})

t.test('without patience, the second fails', async t => {
  const path = `${t.testdir({})}/held`
  await exclusively(path, 0, 'nanodet models pull', async () => {
    await t.rejects(exclusively(path, 0, 'nanodet models pull', async () => {}), { name: 'CommandError', message: `${path}: another nanodet models pull is running` })
  })
  t.equal(await exclusively(path, 0, 'nanodet models pull', async () => 'free'), 'free')
})

t.test('an error in the work frees the path', async t => {
  const path = `${t.testdir({})}/held`
  await t.rejects(exclusively(path, 0, 'nanodet models pull', async () => { throw new Error('work') }), { message: 'work' })
  t.notOk(existsSync(path))
})

t.test('a running process holds it, a process that has ended does not', async t => {
  const path = `${t.testdir({})}/held`
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  t.teardown(() => child.kill('SIGKILL'))
  hold(path, child.pid!)
  await t.rejects(exclusively(path, 0, 'nanodet models pull', async () => {}), { message: /is running/ })
  child.kill('SIGKILL')
  await once(child, 'exit')
  t.equal(await exclusively(path, 0, 'nanodet models pull', async () => 'free'), 'free')
})

t.test('another user\'s process holds it, too', async t => {
  const path = `${t.testdir({})}/held`
  hold(path, 1) // init: EPERM, or as root no error
  await t.rejects(exclusively(path, 0, 'nanodet models pull', async () => {}), { message: /is running/ })
})

t.test('the id of this process is that of an earlier one', async t => {
  const path = `${t.testdir({})}/held`
  hold(path, process.pid)
  t.equal(await exclusively(path, 0, 'nanodet models pull', async () => 'free'), 'free')
})

t.test('other hosts and unreadable files hold it until they are not renewed for a minute', async t => {
  const path = `${t.testdir({})}/held`
  for (const write of [() => hold(path, 1, 'elsewhere'), () => writeFileSync(path, '')]) {
    write()
    await t.rejects(exclusively(path, 0, 'nanodet models pull', async () => {}), { message: /is running/ })
    const before = new Date(Date.now() - 61_000)
    await utimes(path, before, before)
    t.equal(await exclusively(path, 0, 'nanodet models pull', async () => 'free'), 'free')
  }
})

t.test('the holder renews it, also after it was removed by hand', async t => {
  const path = `${t.testdir({})}/held`
  const clock = t.intercept(globalThis, 'setInterval', { value: (renew: () => void) => { renewals.push(renew); return undefined } })
  const renewals: Array<() => void> = []
  await exclusively(path, 0, 'nanodet models pull', async () => {
    const before = new Date(Date.now() - 30_000)
    await utimes(path, before, before)
    renewals[0]!()
    t.ok(Date.now() - (await stat(path)).mtimeMs < 10_000)
    await rm(path)
    t.doesNotThrow(renewals[0]!)
  })
  clock.restore()
})

t.test('a folder that can\'t be written is named', async t => {
  const path = `${t.testdir({ file: '' })}/file/held`
  await t.rejects(exclusively(path, 0, 'nanodet models pull', async () => {}), { name: 'CommandError', message: `${path}: is a file, not a directory` })
})
