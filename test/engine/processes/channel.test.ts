import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { CHUNK_BYTES, totalBytes } from '../../../engine/chunks.ts'
import { CHANNEL_FD, CHANNEL_VARIABLE, channelToChild, channelToParent } from '../../../engine/processes/channel.ts'
import type { Chunks } from '../../../engine/results.ts'

const PROGRAM = fileURLToPath(new URL('../../support/child-program.js', import.meta.url))

interface Received { readonly message: { readonly id?: number, readonly ready?: true, readonly result?: unknown }, readonly body: Chunks }

/** A child with a channel to it, and what it has sent. */
function start (t: Test) {
  const env = { ...process.env, [CHANNEL_VARIABLE]: String(CHANNEL_FD) }
  const child: ChildProcess = spawn(process.execPath, [PROGRAM], { env, stdio: ['ignore', 'inherit', 'inherit', 'pipe'] })
  t.teardown(() => child.kill('SIGKILL'))
  const received: Received[] = []
  let invalid = 0
  const channel = channelToChild(child.stdio[CHANNEL_FD] as Socket, (message, body) => received.push({ message, body } as Received),
    () => invalid++)
  const until = async (count: number): Promise<void> => { while (received.length < count) await sleep(5) }
  return { child, channel, received, until, invalid: () => invalid }
}

t.test('a body larger than any buffer goes to a child and back', async t => {
  const { channel, received, until } = start(t)
  const body = [Buffer.alloc(5 * CHUNK_BYTES, 1), Buffer.alloc(77, 2)]
  channel.send({ id: 1, call: 'echo', args: 'large' }, body)
  channel.send({ id: 2, call: 'add', args: [1, 2] })
  await until(3)
  t.match(received.map(({ message }) => message), [{ ready: true }, { id: 1, result: { value: 'large' } }, { id: 2, result: 3 }])
  t.equal(totalBytes(received[1]!.body), totalBytes(body))
  t.ok(Buffer.concat(received[1]!.body).equals(Buffer.concat(body)))
})

t.test('a child that dies in the middle of a body closes the channel; what is sent later is dropped', async t => {
  const { child, channel, until } = start(t)
  await until(1)
  const closed = new Promise(resolve => channel.socket.once('close', resolve))
  child.kill('SIGSTOP')
  channel.send({ id: 1, call: 'echo', args: null }, [Buffer.alloc(8 * CHUNK_BYTES)])
  await sleep(20)
  child.kill('SIGKILL')
  await closed
  channel.send({ id: 2, call: 'add', args: [1, 2] })
  t.equal(channel.socket.writable, false)
})

t.test('a message that can not be read closes the channel', async t => {
  const { channel, until, invalid } = start(t)
  await until(1)
  const closed = new Promise(resolve => channel.socket.once('close', resolve))
  channel.send({ id: 1, call: 'babble', args: null })
  await closed
  t.equal(invalid(), 1)
})

t.test('a child whose parent closes the channel ends', async t => {
  const { child, channel, until } = start(t)
  await until(1)
  channel.socket.destroy()
  t.same(await once(child, 'exit'), [0, null])
})

t.test('a process that was started without a channel has none', async t => {
  t.equal(channelToParent(() => {}), undefined)
})
